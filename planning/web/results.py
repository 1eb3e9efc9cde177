"""Targets and results: the province and its organisations, communes, points and staff."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from planning.analysis.performance.standing import Standing
from planning.language import number, percent
from planning.model.errors import NotFoundError
from planning.services import performance
from planning.services.performance import Choice, CommunesSeen, ResultsAsk, Wanted
from planning.services.performance.below import LEVELS as LISTS
from planning.services.performance.files import FORMS
from planning.web import result_charts as charts
from planning.web import result_words as words
from planning.web.access import user
from planning.web.asked import NO_VINTAGE, Asked, about, decimal, store
from planning.web.downloads import FORMS as MIMES
from planning.web.errors import FormError
from planning.web.language import current, say

bp = Blueprint("results", __name__)
RATES = (25, 50, 75, 90, 100)


@bp.get("/<province:province>/results")
def show(province: str) -> ResponseReturnValue:
    """Show a province against its target, its organisations ranked, the trend."""
    asked = about(province)
    ask = wanted(asked)
    seen = performance.overview(store(), user(), province, ask.programme, ask.period)
    if isinstance(seen, Choice):
        return nothing(asked, seen)
    steps = performance.trend(store(), user(), seen, province, ask.organisation)
    return render_template(
        "results/page.html", asked=asked, seen=seen, bar=charts.bar, chart=charts,
        drawn=charts.trend(steps), steps=steps, organisation=ask.organisation,
    )  # fmt: skip


@bp.get("/<province:province>/results/communes")
def communes(province: str) -> ResponseReturnValue:
    """Show completion commune by commune, on present or former communes."""
    asked = about(province)
    seen = performance.communes(store(), user(), wanted(asked))
    if isinstance(seen, Choice):
        return nothing(asked, seen)
    rates = {each.code: each.standing.completion for each in seen.rows}
    return render_template(
        "results/communes.html", asked=asked, seen=seen,
        fills={code: words.colour(rate) for code, rate in rates.items()}, tips=_tips(seen),
        legend=words.legend(rates.values()),
    )  # fmt: skip


@bp.get("/<province:province>/results/below")
def below(province: str) -> ResponseReturnValue:
    """Show the points or the staff below a rate of their target."""
    asked = about(province)
    seen = performance.below(store(), user(), wanted(asked), _list())
    if isinstance(seen, Choice):
        return nothing(asked, seen)
    return render_template("results/below.html", asked=asked, seen=seen, rates=RATES, lists=LISTS)


@bp.get("/<province:province>/results/cascade")
def cascade(province: str) -> ResponseReturnValue:
    """Show whether targets add up on their way down, and one branch of their tree."""
    asked = about(province)
    commune, point = (request.args.get(each, "")[:80] for each in ("commune", "point"))
    seen = performance.cascade(store(), user(), wanted(asked), commune, point)
    if isinstance(seen, Choice):
        return nothing(asked, seen)
    opened = {"organisation": request.args.get("organisation", ""), "commune": commune}
    return render_template("results/cascade.html", asked=asked, seen=seen, opened=opened)


@bp.get("/<province:province>/results/potential")
def potential(province: str) -> ResponseReturnValue:
    """Show who could still take part, commune by commune, beside the results there."""
    asked = about(province)
    seen = performance.potential(store(), user(), wanted(asked))
    return render_template("results/potential.html", asked=asked, seen=seen)


@bp.get("/<province:province>/results/opened")
def opened(province: str) -> ResponseReturnValue:
    """Show the points that proposals opened: whom they were to serve, what they reached."""
    asked = about(province)
    seen = performance.opened(store(), user(), wanted(asked))
    return render_template("results/opened.html", asked=asked, seen=seen)


@bp.get("/<province:province>/results/export/<what>.<form>")
def export(province: str, what: str, form: str) -> ResponseReturnValue:
    """Send a table of targets and results as a file."""
    asked = about(province)
    body = performance.hand_out(store(), user(), wanted(asked), (what, form), _list())
    answer = Response(body, mimetype=MIMES[form][1])
    name = f"diemthu-{province}-results-{what}.{FORMS[form]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def wanted(asked: Asked) -> ResultsAsk:
    """Return which results an address names."""
    vintage = request.args.get("vintage", "")
    if vintage and vintage not in asked.province.vintages:
        raise NotFoundError(NO_VINTAGE, name=asked.province.name, date=vintage[:40])
    return ResultsAsk(
        asked.province.code, request.args.get("programme") or None,
        request.args.get("period") or None, vintage, request.args.get("organisation", "")[:80],
    )  # fmt: skip


def nothing(asked: Asked, choice: Choice) -> str:
    """Return the page that says that nothing was told yet, and how to begin."""
    return render_template("results/nothing.html", asked=asked, choice=choice)


def _list() -> Wanted:
    """Return which list an address names: of what, below which rate, which page."""
    rate = decimal(request.args.get("rate", "50"))
    if not 0 <= rate <= 1000:
        raise FormError(words.NO_RATE)
    page = request.args.get("at", "1")
    at = int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1
    return Wanted(request.args.get("list", "points"), rate / 100, at)


def _tips(seen: CommunesSeen) -> dict[str, str]:
    """Return what is said of every commune under the pointer."""
    return {
        each.code: f"{each.name}: {say(words.IN_PART) if each.part else _said(each.standing)}"
        for each in seen.rows
    }


def _said(it: Standing) -> str:
    if it.completion is None:
        lacks = words.NO_RESULT if it.target and it.result is None else words.NO_TARGET
        return f"{number(it.result, current())} – {say(lacks)}"
    return f"{percent(it.completion, current())} ({number(it.result, current())}/{number(it.target, current())})"
