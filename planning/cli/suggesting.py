"""How a suggestion is asked for on the command line, and how the plan is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from geo.errors import N_, Word
from planning.cli.output import Console
from planning.model.siting import (
    Effort,
    Firmness,
    Method,
    Objective,
    Quarter,
    Site,
    SitingPlan,
    SuggestionAsk,
    Unit,
    points_asked,
)
from planning.model.wishes import Budget, Limits, RuleWishes

_OPTIONS = (
    click.option("--problem", type=click.Path(path_type=Path), metavar="FILE",
                 help="The whole question as a JSON file (see README.md); instead of all other options."),
    click.option("--objective", type=click.Choice([each.value for each in Objective]), metavar="AIM",
                 help="most people (default), fewest points, mean distance or worst distance."),
    click.option("--points", type=int, help="How many points to add (default: 40)."),
    click.option("--target", type=float, metavar="SHARE",
                 help="With fewest points: the share of people to serve, 0 to 1."),
    click.option("--fade", type=float, metavar="FACTOR",
                 help="Coverage falls from the radius to so many radii instead of at once."),
    click.option("--budget", type=int, metavar="THOUSAND_DONG", help="What new points may cost together."),
    click.option("--cost", type=int, metavar="THOUSAND_DONG", help="With --budget: what each new point costs."),
    click.option("--least-per-commune", type=int, metavar="N", help="Points each commune has at least."),
    click.option("--most-per-commune", type=int, metavar="N", help="Points a commune has at most."),
    click.option("--spacing-km", type=float, metavar="KM", help="Least distance from any other point."),
    click.option("--worst-km", type=float, metavar="KM", help="Nobody may live farther from a point."),
    click.option("--method", type=click.Choice([each.value for each in Method]),
                 help="coverage (default), or clusters for comparison."),
    click.option("--seed", type=int, help="Seed of every random step (default: 7)."),
    click.option("--effort", type=click.Choice([each.value for each in Effort]), help="How much work to do (default: normal)."),
    click.option("--firmness", is_flag=True, help="Mark each site firm, likely or depends."),
    click.option("--seconds", type=float, help="End the search after so long with the best plan so far."),
)  # fmt: skip
_WORDS = {
    Unit.TENTHS: N_("Tenths of people counted: %(value)s; no plan under these rules reaches more than %(bound)s."),
    Unit.POINTS: N_("New points needed: %(value)s; no plan under these rules needs fewer than %(bound)s."),
    Unit.PERSON_METRES: N_("Mean distance: %(value)s m; under no plan by these rules is it below %(bound)s m."),
    Unit.METRES: N_("Worst distance: %(value)s m; under no plan by these rules is it below %(bound)s m."),
}  # fmt: skip
_SIDES = {
    "N": N_("north"), "NE": N_("north-east"), "E": N_("east"), "SE": N_("south-east"),
    "S": N_("south"), "SW": N_("south-west"), "W": N_("west"), "NW": N_("north-west"),
}  # fmt: skip

_MARKS = {
    Firmness.FIRM: N_("firm"),
    Firmness.LIKELY: N_("likely"),
    Firmness.DEPENDS: N_("depends on circumstances"),
}


def question_options(command: Any) -> Any:
    """Add the options that say what is asked of a plan."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def only_file(console: Console, asked: dict[str, Any]) -> Path | None:
    """Return the file that holds the question, None without one; refuse both ways at once."""
    path: Path | None = asked["problem"]
    others = [name for name, value in asked.items() if name != "problem" and value not in (None, (), False)]  # fmt: skip
    if path is not None and others:
        text = console.say(N_("Give either --problem or --%(option)s: the file holds the whole question."))  # fmt: skip
        raise click.UsageError(text % {"option": others[0].replace("_", "-")})
    return path


def question(asked: dict[str, Any]) -> SuggestionAsk:
    """Return the question that the options ask."""
    objective = Objective(asked["objective"] or Objective.MOST_PEOPLE)
    money = asked["budget"]
    given = {name: asked[name] for name in ("seed", "seconds", "target", "fade") if asked[name] is not None}  # fmt: skip
    return SuggestionAsk(
        points=points_asked(asked["points"], objective, limited=money is not None),
        method=Method(asked["method"] or Method.COVERAGE),
        effort=Effort(asked["effort"] or Effort.NORMAL),
        objective=objective,
        budget=None if money is None else Budget(money, asked["cost"] or 0),
        rules=RuleWishes(
            per_commune=Limits(asked["least_per_commune"] or 0, asked["most_per_commune"]),
            spacing_km=asked["spacing_km"],
            worst_km=asked["worst_km"],
        ),
        firmness=asked["firmness"],
        **given,
    )


def tell_plan(console: Console, plan: SitingPlan) -> None:
    """Say the sites, what closes, how good the plan is, and what it counts as decided."""
    if plan.decisions:
        console.tell(
            N_("Decisions counted: %(done)s approved proposals as carried out, %(out)s places not approved kept out."),
            done=console.count(len(plan.decisions.in_force)),
            out=console.count(len(plan.decisions.kept_out)),
        )  # fmt: skip
    for site in plan.sites:
        _site(console, plan, site)
    for point in plan.closed:
        console.tell(
            N_("Closed: %(name)s (contract of %(day)s): %(people)s people lose their only point in reach."),
            name=point.name, day=point.contract_date or "–", people=console.count(point.people_lost),
        )  # fmt: skip
    if plan.unit == Unit.PEOPLE:
        console.tell(
            N_("%(sites)s sites serve %(people)s further people; no choice of %(asked)s of the %(candidates)s candidates can serve more than %(bound)s."),
            sites=len(plan.sites), people=console.count(plan.people_gained),
            asked=plan.points_asked, candidates=console.count(plan.candidates),
            bound=console.count(plan.upper_bound_people_gained),
        )  # fmt: skip
        if plan.people_given_up is not None:
            console.tell(
                N_("The centres of clusters reach %(people)s people fewer (%(share)s %%) than optimisation on the same candidates."),
                people=console.count(plan.people_given_up),
                share=console.count(plan.per_cent_given_up, 1),
            )  # fmt: skip
        return
    each = plan.people or 1 if plan.unit == Unit.PERSON_METRES else 1
    console.tell(
        _WORDS[plan.unit], value=console.count(plan.value / each),
        bound=console.count(plan.bound / each),
    )  # fmt: skip


def tell_quarters(console: Console, quarters: Sequence[Quarter]) -> None:
    """Say whom the points open after each quarter serve, and what plans made afresh would."""
    for number, each in enumerate(quarters, start=1):
        console.tell(
            N_("Quarter %(quarter)s: with %(points)s new points %(people)s people are served; a plan made for just so many would serve %(more)s more, and none more than %(most)s more."),
            quarter=number, points=console.count(each.points), people=console.count(each.people),
            more=console.count(each.cost_of_nesting), most=console.count(each.bound - each.people),
        )  # fmt: skip


def _site(console: Console, plan: SitingPlan, site: Site) -> None:
    console.tell(
        N_("%(rank)s. %(commune)s %(lat)s, %(lon)s: %(people)s people further"),
        rank=site.rank, commune=site.commune, lat=f"{site.lat:.5f}", lon=f"{site.lon:.5f}",
        people=console.count(site.people_gained),
    )  # fmt: skip
    if plan.host_near(site) and site.host_m is not None:
        console.tell(N_("    nearest host: %(host)s, %(km)s km away"),
                     host=site.host, km=console.count(site.host_m / 1000, 2))  # fmt: skip
    if site.firmness is not None:
        console.tell(N_("    how firm: %(mark)s"), mark=console.say(_MARKS[site.firmness]))
    if site.refusing is not None and site.refusing.lost is not None and plan.unit == Unit.PEOPLE:
        console.tell(
            N_("    to do without it costs %(people)s people; in its place: %(place)s, %(metres)s m away"),
            people=console.count(site.refusing.lost), place=site.refusing.replacement or "–",
            metres=console.count(site.refusing.distance_m),
        )  # fmt: skip
    if site.shift is not None:
        console.tell(
            N_("    move %(metres)s m %(side)s: +%(people)s people"),
            metres=console.count(site.shift.metres), side=console.say(Word(_SIDES[site.shift.side])),
            people=console.count(site.shift.people),
        )  # fmt: skip
