"""The packet of chosen proposals as the province stands now."""

from dataclasses import dataclass

from geo.reach import StraightLine
from planning.analysis import freezing
from planning.analysis.freezing import Chosen, Drawn, Measured
from planning.analysis.gaps import find_gaps
from planning.analysis.situation import Situation
from planning.exports.sheets import radii_in_words
from planning.language import STORED_LANGUAGE, period_name
from planning.maps import classes, content
from planning.model.decisions import Decisions, InForce
from planning.model.packet import Completion, Origin, Packet, Population, Round, Shading
from planning.model.proposals import Proposal
from planning.model.scenario import Outline
from planning.model.standards import ServiceStandard
from planning.services.requests import AnalysisRequest, standard_of
from planning.services.review import criteria
from planning.siting.plans.workbench import Workbench
from planning.store import figures, imports, partners
from planning.store.ledgers import completion
from planning.store.ledgers.completion import Met
from planning.store.plans import MADE_BY
from planning.store.session import Store
from planning.store.situation import METHOD_VERSION, load_situation

PROGRAM, METHOD = "Diemthu {version}", "Khoảng cách đường chim bay, phiên bản {version}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a round shall be: its place in the province, and its proposals in their order."""

    province: str
    about: Round
    proposals: tuple[Proposal, ...]


def packet_of(store: Store, wanted: Wanted) -> Packet:
    """Return the packet of a round on the newest data; nothing is kept.

    Its network is the list of points as it is; what proposals gain together is counted on it,
    those approved already included. Raises what `load_situation` raises.
    """
    request = AnalysisRequest(wanted.province)
    situation, standard = load_situation(store, wanted.province, None), standard_of(store, request)
    report = figures.measured(store, situation, standard, own=True)
    key = ("gaps", situation.fingerprint, standard.key)
    gaps = store.remembered(key, lambda: find_gaps(situation, standard, StraightLine()))
    layers = {
        "communes": content.communes(situation), "points": content.points(situation),
        "coverage": content.rounded(report.as_dict()), "gaps": content.rounded(gaps.as_dict()),
    }  # fmt: skip
    met = completion.newest(store, wanted.province)
    chosen = Chosen(
        wanted.proposals, criteria.on_day(store, wanted.province, wanted.about.day),
        _organisations(store, wanted.province), _together(store, situation, standard, wanted),
        _completions(met),
    )  # fmt: skip
    shading = Shading(classes.SHARE.breaks, classes.SHARE.colours)
    return freezing.frozen(
        wanted.about, _origin(store, situation, standard), Measured(situation, report, gaps),
        chosen, Drawn(shading, layers), _told_of(met),
    )  # fmt: skip


def _completions(met: tuple[Met | None, ...]) -> dict[str, Completion]:
    """Return how far both targets are met by code of an organisation, of the province under “”."""
    by_code = [{} if each is None else {"": each.province, **each.organisations} for each in met]
    voluntary, household = (
        {code: standing.completion for code, standing in each.items()} for each in by_code
    )
    return {
        code: Completion(voluntary.get(code), household.get(code))
        for code in voluntary.keys() | household.keys()
    }


def _told_of(met: tuple[Met | None, ...]) -> tuple[str, ...]:
    """Return of which periods the completions are, in the language of the documents."""
    told = [f"{each.programme.name} – {period_name(each.period, STORED_LANGUAGE)}"
            for each in met if each is not None]  # fmt: skip
    return (f"Tỷ lệ thực hiện chỉ tiêu của kỳ: {'; '.join(told)}.",) if told else ()


def _together(store: Store, situation: Situation, standard: ServiceStandard, wanted: Wanted) -> int:
    """Return how many people are newly served when every proposal is carried out."""
    done = tuple(
        InForce(each.number, each.kind, each.content.name, each.content.lon, each.content.lat,
                each.content.point_id, each.content.point_kind)
        for each in wanted.proposals
    )  # fmt: skip
    key = ("workbench", situation.fingerprint, situation.valid_from, standard.key)
    bench = store.remembered(
        key, lambda: Workbench(situation, standard, StraightLine(), METHOD_VERSION)
    )
    outline: Outline = Decisions(done).outline
    return bench.measure(outline).people_gained


def _origin(store: Store, situation: Situation, standard: ServiceStandard) -> Origin:
    base = situation.base
    with store.reading() as db:
        in_force = imports.batches(db, situation.province_code)
    drawn = imports.in_force(in_force, "boundaries", situation.valid_from)
    return Origin(
        province_code=situation.province_code, province=situation.province_name, authority="",
        valid_from=situation.valid_from, data_date=situation.data_date,
        population=Population(base.source, base.as_of, base.people, base.unknown_communes),
        boundaries=drawn.source if drawn else "", standard=radii_in_words(standard),
        program=PROGRAM.format(version=MADE_BY), method=METHOD.format(version=METHOD_VERSION),
        parameters={}, fingerprint=situation.fingerprint, synthetic=base.synthetic,
    )  # fmt: skip


def _organisations(store: Store, province: str) -> dict[str, str]:
    with store.reading() as db:
        known = partners.load_organisations(db, province)
    return dict(zip(known["organisation_code"].astype(str), known["name"].astype(str), strict=True))
