"""How figures of people are called where a need is counted: nobody else is “the population”."""

from collections.abc import Callable

from geo.errors import N_
from planning.model.performance import Need

# What is said of all people -> what is said of those of a need.
_OF_A_NEED = {
    "Population": N_("Persons counted"),
    "Population base": N_("Demand counted"),
    "People": N_("Persons"),
    "of the people": N_("of those counted"),
    "People not served": N_("Persons not served"),
    "People not served now": N_("Persons not served now"),
    "People not served with the scenario": N_("Persons not served with the scenario"),
    "People per point": N_("Persons per point"),
    "People served": N_("Persons served"),
    "People gained": N_("Persons gained"),
    "People lost": N_("Persons lost"),
    "People more per point added": N_("Persons more per point added"),
    "People more for each point added:": N_("Persons more for each point added:"),
    "most people served": N_("most persons served"),
    "most people per point added": N_("most persons per point added"),
    "People served in addition": N_("Persons served in addition"),
    "People served by then": N_("Persons served by then"),
    "People served by number of points": N_("Persons served by number of points"),
    "share of people served": N_("share of these people served"),
    "share served": N_("share of these people served"),
    "people per direct point": N_("persons per direct point"),
    "population unknown in %(count)s communes, whose people are in no figure": N_(
        "no count in %(count)s communes, which are in no figure of persons"
    ),
    "Population unknown in %(count)s communes, whose people are in no figure.": N_(
        "No count in %(count)s communes, which are in no figure of persons."
    ),
    "The population of this commune is not known; its people are in no figure.": N_(
        "Nobody was counted in this commune; it is in no figure of persons."
    ),
    "Population base: %(people)s people; %(source)s; counted %(as_of)s; %(unknown)s communes unknown and not counted.": N_(
        "Demand counted: %(people)s persons; %(source)s; counted %(as_of)s; no count in %(unknown)s communes, which are in no figure."
    ),
    "Population base: %(source)s – %(people)s people.": N_(
        "Demand counted: %(source)s – %(people)s persons."
    ),
    "Population base: %(source)s, %(date)s – %(people)s people.": N_(
        "Demand counted: %(source)s, %(date)s – %(people)s persons."
    ),
    "Share of all people by distance, in classes of one kilometre; a class holds its lower end, and the last everybody farther away.": N_(
        "Share of those counted by distance, in classes of one kilometre; a class holds its lower end, and the last everybody farther away."
    ),
    "all people": N_(
        "all those counted"
    ),
    "share of people served, with the scenario": N_(
        "share of these people served, with the scenario"
    ),
    "Standard, boundaries, people: below the map.": N_(
        "Standard, boundaries, whom it counts: below the map."
    ),
    "No scenario changes who is served in any commune.": N_(
        "No scenario changes which of those counted are served in any commune."
    ),
    "share of people, the nearest first": N_(
        "share of those counted, the nearest first"
    ),
    "People served by number of new points, from %(least)s to %(most)s points; the same as a table below": N_(
        "Persons served by number of new points, from %(least)s to %(most)s points; the same as a table below"
    ),
    "Line: people served by the best plan found for each number of points. Band: what is open up to the bound that no plan for so many exceeds. Ring: this plan. The upright axis begins at %(people)s people, not at zero. Each step leads to the plan for so many points, or to the question for it.": N_(
        "Line: persons served by the best plan found for each number of points. Band: what is open up to the bound that no plan for so many exceeds. Ring: this plan. The upright axis begins at %(people)s persons, not at zero. Each step leads to the plan for so many points, or to the question for it."
    ),
    "%(right)s against %(left)s: change of the share of people served, in percentage points": N_(
        "%(right)s against %(left)s: change of the share of these people served, in percentage points"
    ),
    "Left: %(left)s. Right: %(right)s. Share of people served.": N_(
        "Left: %(left)s. Right: %(right)s. Share of these people served."
    ),
    "change of the share of people served (percentage points)": N_(
        "change of the share of these people served (percentage points)"
    ),
}  # fmt: skip


def said_of(need: Need, say: Callable[[str], str]) -> Callable[[str], str]:
    """Return `say` as it speaks where the people of `need` are counted."""
    if need is Need.EVERYBODY:
        return say
    return lambda message: say(_OF_A_NEED.get(message, message))
