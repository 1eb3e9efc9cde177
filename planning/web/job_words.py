"""How far a calculation is and how good a plan is, in a planner's words."""

from dataclasses import dataclass
from datetime import UTC, datetime

from geo.errors import N_
from planning.language import number
from planning.model.days import HERE
from planning.model.jobs import Job, JobState, Stop
from planning.model.siting import UNITS, Objective, SitingPlan, Unit
from planning.web.language import current, say

WAITING = N_("It waits for its turn. If it does not begin, see whether the server still runs.")
PREPARING = N_("Gathering who lives where and which places could house a point …")
ENDING = N_("Ending with the best plan so far …")
AGAIN = N_("It broke off once and is being tried again.")
SO_FAR = {
    Unit.PEOPLE: N_("%(value)s people served"),
    Unit.TENTHS: N_("%(value)s people served, those farther out counted in part"),
    Unit.POINTS: N_("%(value)s points are enough"),
    Unit.PERSON_METRES: N_("Mean distance %(value)s m"),
    Unit.METRES: N_("Farthest distance %(value)s m"),
}
AT_BEST = {
    Unit.PEOPLE: N_("no plan under these rules serves more than %(bound)s"),
    Unit.TENTHS: N_("no plan under these rules reaches more than %(bound)s"),
    Unit.POINTS: N_("no plan under these rules needs fewer than %(bound)s"),
    Unit.PERSON_METRES: N_("under no plan by these rules is it below %(bound)s m"),
    Unit.METRES: N_("under no plan by these rules is it below %(bound)s m"),
}
HOW_GOOD = {
    Unit.TENTHS: N_("Tenths of people counted: %(value)s; no plan under these rules reaches more than %(bound)s."),
    Unit.POINTS: N_("New points needed: %(value)s; no plan under these rules needs fewer than %(bound)s."),
    Unit.PERSON_METRES: N_("Mean distance: %(value)s m; under no plan by these rules is it below %(bound)s m."),
    Unit.METRES: N_("Worst distance: %(value)s m; under no plan by these rules is it below %(bound)s m."),
}  # fmt: skip
STOPPED = {
    "time": N_("The search was ended by the time allowed: this is its best plan so far."),
    "asked": N_("The search was stopped by hand: this is its best plan so far."),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """A calculation as its page shows it. `share` (0..1) is how near value and bound are."""

    state: str
    sentence: str
    figure: str = ""
    bound: str = ""
    share: float | None = None
    seconds: int = 0

    @property
    def clock(self) -> str:
        """How long it has taken, in minutes and seconds."""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


def progress(job: Job) -> Progress:
    """Return how far a job is, in the language of this request."""
    since = job.began_at or job.asked_at
    end = datetime.fromisoformat(job.ended_at) if job.ended_at else datetime.now(UTC)
    seconds = max(0, int((end - datetime.fromisoformat(since)).total_seconds()))
    sentence = ""
    if job.state is JobState.WAITING:
        sentence = say(AGAIN if job.attempt else WAITING)
    elif job.stop is Stop.KEEP:
        sentence = say(ENDING)
    elif job.value is None:
        sentence = say(PREPARING)
    if job.value is None:
        return Progress(job.state.value, sentence, seconds=seconds)
    unit = _unit(job)
    figure = say(SO_FAR[unit]) % {"value": _shown(unit, job.value, job.people)}
    if job.bound is None:
        return Progress(job.state.value, sentence, figure, seconds=seconds)
    bound = say(AT_BEST[unit]) % {"bound": _shown(unit, job.bound, job.people)}
    low, high = sorted((job.value, job.bound))
    share = low / high if high > 0 else 1.0
    return Progress(job.state.value, sentence, figure, bound, max(0.0, share), seconds)


def how_good(plan: SitingPlan) -> str:
    """Return how good a plan is that is not measured in people; nothing for one that is."""
    if plan.unit not in HOW_GOOD:
        return ""
    each = plan.people or 1 if plan.unit is Unit.PERSON_METRES else 1
    digits = 0 if plan.unit in (Unit.TENTHS, Unit.POINTS) else 1
    return say(HOW_GOOD[plan.unit]) % {
        "value": number(plan.value / each, current(), digits),
        "bound": number(plan.bound / each, current(), digits),
    }


def moment(iso: str) -> str:
    """Return a moment as a clock in Viet Nam shows it."""
    here = datetime.fromisoformat(iso).astimezone(HERE)
    return here.strftime("%d/%m/%Y %H:%M" if current() == "vi" else "%Y-%m-%d %H:%M")


def _unit(job: Job) -> Unit:
    if job.question.get("fade"):
        return Unit.TENTHS
    return UNITS[Objective(job.question.get("objective", Objective.MOST_PEOPLE))]


def _shown(unit: Unit, value: float, people: int | None) -> str:
    if unit is Unit.TENTHS:
        value /= 10
    if unit is Unit.PERSON_METRES:
        value /= people or 1
    return number(value, current())
