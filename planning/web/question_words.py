"""What a planner calls the parts of a question, and how a question is told in words."""

from collections.abc import Callable, Iterator
from typing import Any

from geo.errors import N_
from planning.model.performance import NEED_NAMES
from planning.model.siting import CandidateKind, Effort, Method, Objective
from planning.web.question_form import ROWS, form_of
from planning.web.standard import TERRAIN_NAMES

LABELS = {
    "demand": N_("Whom the plan is for"),
    "objective": N_("The plan is to be best at"),
    "points": N_("New points at most"),
    "target": N_("Share of all people to serve (%)"),
    "budget.thousand_dong": N_("Budget (thousand đồng)"),
    "budget.default_cost": N_("Cost of a new point (thousand đồng)"),
    "budget.cost": N_("Other costs by type of host (thousand đồng)"),
    "effort": N_("How much work to do"),
    "seconds": N_("End the search after (seconds)"),
    "method": N_("Method"),
    "seed": N_("Seed of random steps"),
    "firmness": N_("Mark each site firm, likely or depending on circumstances"),
    "polish": N_("Also look for better places inside settlements"),
    "fade": N_("Coverage fades out at so many radii"),
    "rules.per_commune.least": N_("Points in each commune at least"),
    "rules.per_commune.most": N_("Points in each commune at most"),
    "rules.per_commune.exempt": N_("Communes exempt (codes)"),
    "rules.per_former_commune.least": N_("Points in each former commune at least"),
    "rules.per_former_commune.most": N_("Points in each former commune at most"),
    "rules.per_former_commune.exempt": N_("Former communes exempt (codes)"),
    "rules.spacing_km": N_("Distance between points at least (km)"),
    "rules.worst_km": N_("Nobody farther from a point than (km)"),
    "rules.kinds": N_("Kinds of places allowed"),
    "rules.host_types": N_("Types of hosts allowed"),
    "rules.host_within_km": N_("Host within (km)"),
    "rules.locked_in": N_("Places that must get a point"),
    "rules.locked_out": N_("Places that must not get a point"),
    "rules.capacity.people_per_point": N_("People a point can serve"),
    "rules.capacity.people_per_staff": N_("People per member of staff, where staff is known"),
    "rules.groups": N_("Groups of communes with a floor of their own"),
    "existing.closable": N_("Open points that may close or move (codes)"),
    "existing.moves": N_("Points that may move, at most"),
    "existing.closings": N_("Points that must close"),
    "variations": N_("Circumstances to try"),
}
OBJECTIVES = {
    Objective.MOST_PEOPLE: N_("the most people served"),
    Objective.FEWEST_POINTS: N_("the fewest new points for a share of people"),
    Objective.MEAN_DISTANCE: N_("the shortest way on average"),
    Objective.WORST_DISTANCE: N_("the shortest way for whoever lives farthest"),
}
EFFORTS = {
    Effort.NORMAL: N_("normal"),
    Effort.QUICK: N_("quick: a first answer"),
    Effort.THOROUGH: N_("thorough: may take minutes"),
}
METHODS = {
    Method.COVERAGE: N_("optimisation with a bound"),
    Method.CLUSTERS: N_("centres of clusters, for comparison"),
}
KINDS = {
    CandidateKind.HOST: N_("places that could house a point"),
    CandidateKind.SEAT: N_("commune seats"),
    CandidateKind.ONLINE: N_("online points"),
    CandidateKind.SETTLEMENT: N_("settlements"),
    CandidateKind.CENTRE: N_("middles of unserved settlements"),
}
OF_ROWS = {
    "name": N_("Name"), "communes": N_("Communes (codes)"), "terrain": N_("or a terrain class"),
    "share": N_("Served at least (%)"), "points": N_("or points at least"),
    "radius": N_("Radii times"), "people": N_("People differ by up to (%)"),
}  # fmt: skip
YES = N_("yes")

Say = Callable[[str], str]


def label(name: str, say: Say) -> str:
    """Return what a field of the form is called."""
    part, _, key = name.rpartition(".")
    part = part.partition("[")[0]
    if part in ROWS and key in OF_ROWS:
        return f"{say(LABELS[part])}: {say(OF_ROWS[key])}"
    return say(LABELS.get(name, name))


def told(values: dict[str, Any], say: Say, *, comma: bool) -> Iterator[tuple[str, str]]:
    """Yield the parts of a question that say something, each with its value, as a planner reads."""
    words: dict[str, str] = {str(each): text for kinds in (NEED_NAMES, OBJECTIVES, EFFORTS, METHODS, KINDS)
                             for each, text in kinds.items()}  # fmt: skip
    words |= {str(each): text for each, text in TERRAIN_NAMES.items()}
    fields = form_of(values, comma=comma)
    for name in dict.fromkeys(fields):
        every = fields.getlist(name)
        if name in ("firmness", "polish"):
            yield label(name, say), say(YES)
        elif name in ("demand", "objective", "effort", "method", "rules.kinds") or name.endswith(
            ".terrain"
        ):
            yield label(name, say), ", ".join(say(words.get(each, each)) for each in every)
        else:
            yield label(name, say), "; ".join(", ".join(every).splitlines())
