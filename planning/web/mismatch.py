"""Access held against results: four kinds of communes on a map and as lists."""

from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from geo.errors import N_
from planning.analysis.performance.standing import Standing
from planning.model.errors import NotFoundError, NotReadyError
from planning.model.mismatch import Access, Kind, Thresholds
from planning.services import mismatch, performance
from planning.services.mismatch import Results
from planning.services.performance import Choice, CommunesSeen, ResultsAsk
from planning.web import mismatch_shown
from planning.web.access import user
from planning.web.asked import Asked, about, decimal, store
from planning.web.downloads import NO_EXPORT, sent
from planning.web.result_words import period_name

bp = Blueprint("mismatch", __name__)
FIELDS = ("programme", "period", "by", "access", "rate")
NO_MEASURE = N_("Access is not measured by “%(name)s”.")
NO_RESULTS = N_("No targets or results are kept yet; import them first.")


@bp.get("/<province:province>/access-and-results")
def show(province: str) -> ResponseReturnValue:
    """Show which communes have good or poor access and good or poor results."""
    asked = about(province)
    by, thresholds = _by(), _thresholds()
    seen = performance.communes(store(), user(), _results_asked(asked))
    choice = seen if isinstance(seen, Choice) else seen.choice
    compared, found = None, None
    if isinstance(seen, CommunesSeen):
        compared = mismatch.compare(store(), asked.request, by, _results(seen), thresholds)
        found = compared.kinds
    given = {name: request.args[name] for name in FIELDS if request.args.get(name)}
    drawing = {} if found is None else {
        "picture": mismatch.drawn(store(), asked.request),
        "looks": mismatch_shown.LOOKS, "tips": mismatch_shown.tips(found),
        "kind_of": {each.code: each.kind for each in found.communes},
        "legend": mismatch_shown.legend(found),
    }  # fmt: skip
    return render_template(
        "mismatch/page.html", asked=asked, seen=seen, choice=choice, found=found, given=given, compared=compared,
        by=by, measures=mismatch_shown.MEASURES, told_kinds=mismatch_shown.KINDS,
        kinds=Kind, thresholds=thresholds, shown=mismatch_shown, **drawing,
    )  # fmt: skip


@bp.get("/<province:province>/access-and-results/export.<form>")
def export(province: str, form: str) -> ResponseReturnValue:
    """Send the communes by their kinds as a file."""
    asked = about(province)
    if form not in mismatch.FORMS:
        raise NotFoundError(NO_EXPORT, what="access-and-results", form=form[:40])
    seen = performance.communes(store(), user(), _results_asked(asked))
    if isinstance(seen, Choice):
        raise NotReadyError(NO_RESULTS)
    results = _results(seen)
    found = mismatch.compare(store(), asked.request, _by(), results, _thresholds()).kinds
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"access-and-results.{form}"
        mismatch.export(store(), asked.request, found, results, (form, path), by=user().name)
        return sent(path, f"diemthu-{province}-tiep-can-va-ket-qua.{form}", form)


def _results_asked(asked: Asked) -> ResultsAsk:
    """Return which results an address means, on the communes it is about."""
    return ResultsAsk(
        asked.province.code, request.args.get("programme") or None,
        request.args.get("period") or None, on=asked.valid_from,
    )  # fmt: skip


def _results(seen: CommunesSeen) -> Results:
    return Results(
        {each.code: each.standing.completion for each in seen.rows},
        _mean(seen),
        f"{seen.programme.name}, {period_name(seen.period)}",
    )


def _mean(seen: CommunesSeen) -> float | None:
    """Return results ÷ targets of all that have both: what the communes are held against."""
    every = [*(each.standing for each in seen.rows), *(each.standing for each in seen.lost)]
    known = [each for each in every if each.completion is not None]
    return Standing(
        sum(each.target or 0 for each in known), sum(each.result or 0 for each in known)
    ).completion


def _by() -> Access:
    name = request.args.get("by") or Access.SHARE.value
    if name not in list(Access):
        raise NotFoundError(NO_MEASURE, name=name[:40])
    return Access(name)


def _thresholds() -> Thresholds:
    """Return the thresholds of an address: per cent, but for access by staff."""
    access, rate = (request.args.get(name, "").strip() for name in ("access", "rate"))
    scale = 100 if _by() is Access.SHARE else 1
    return Thresholds(
        decimal(access) / scale if access else None, decimal(rate) / 100 if rate else None
    )
