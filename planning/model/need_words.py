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
    "Population base: %(source)s – %(people)s people.": N_(
        "Demand counted: %(source)s – %(people)s persons."
    ),
    "Population base: %(source)s, %(date)s – %(people)s people.": N_(
        "Demand counted: %(source)s, %(date)s – %(people)s persons."
    ),
    "Share of all people by distance, in classes of one kilometre; a class holds its lower end, and the last everybody farther away.": N_(
        "Share of those counted by distance, in classes of one kilometre; a class holds its lower end, and the last everybody farther away."
    ),
}  # fmt: skip


def said_of(need: Need, say: Callable[[str], str]) -> Callable[[str], str]:
    """Return `say` as it speaks where the people of `need` are counted."""
    if need is Need.EVERYBODY:
        return say
    return lambda message: say(_OF_A_NEED.get(message, message))
