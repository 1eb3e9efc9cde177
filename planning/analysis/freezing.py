"""A measured network and its proposals as a frozen packet: copied out, nothing computed anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from geo.crs import shapes_in_degrees, shapes_in_metres
from geo.locate import commune_of
from geo.tables import CommuneTable, PointTable
from planning.analysis.figures import key_figures
from planning.analysis.situation import Situation
from planning.model.coverage import AreaCoverage, CoverageReport, GapReport
from planning.model.days import day_of
from planning.model.packet import (
    CommuneArea,
    Completion,
    DecisionRow,
    GapRow,
    MapPoint,
    OfficeRow,
    OrganisationRow,
    Origin,
    OverlapRow,
    Packet,
    ProposalRow,
    Ring,
    Round,
    Shading,
)
from planning.model.proposals import Criterion, Decision, Met, Proposal

OUTLINE_M = 120.0  # less than a line is wide on the printed map
MOST_GAPS, MANY_POINTS = 10, 10
_DEGREES = 5  # decimals of a corner: a metre
_MEASURED = ("gained", "lost", "overlap", "distance_now_m", "distance_then_m", "rank", "firmness")
NO_TARGETS = Completion(None, None)


@dataclass(frozen=True)
class Measured:
    """A province as it stands: the situation, its coverage, its gaps."""

    situation: Situation
    report: CoverageReport
    gaps: GapReport


@dataclass(frozen=True, slots=True)
class Chosen:
    """The proposals of a round in their order, with the checklist that counts on its day.

    `organisations` are names by code; `gained_together` people newly served by all of them,
    None where that was not computed. `completions` are by code of an organisation, that of the
    province under an empty text.
    """

    proposals: tuple[Proposal, ...]
    criteria: tuple[Criterion, ...]
    organisations: Mapping[str, str]
    gained_together: int | None = None
    completions: Mapping[str, Completion] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawn:
    """What maps show: the classes of a share, and the layers of the map page (may be empty)."""

    shading: Shading
    layers: Mapping[str, Any]


def frozen(
    about: Round, origin: Origin, measured: Measured, chosen: Chosen, drawn: Drawn,
    notes: Sequence[str] = (),
) -> Packet:  # fmt: skip
    """Return the packet of a round; `notes` say what else is to be known about the data."""
    situation, report = measured.situation, measured.report
    rows = _proposals(situation, chosen)
    return Packet(
        round=about, origin=origin, figures=key_figures(situation, report),
        completion=chosen.completions.get("", NO_TARGETS),
        offices=_offices(situation, report, rows), gaps=_gaps(measured.gaps),
        overlaps=_overlaps(report), proposals=rows, gained_together=chosen.gained_together,
        organisations=_organisations(situation, rows, chosen.completions),
        notes=(*_notes(situation, report), *notes), communes=_communes(situation, report),
        points=_points(situation), shading=drawn.shading, layers=drawn.layers,
    )  # fmt: skip


# --- proposals -----------------------------------------------------------------------------


def _proposals(situation: Situation, chosen: Chosen) -> tuple[ProposalRow, ...]:
    communes = dict(zip(situation.communes[CommuneTable.code],
                        situation.communes[CommuneTable.full_name], strict=True))  # fmt: skip
    points = dict(zip(situation.points[PointTable.point_id],
                      situation.points[PointTable.name], strict=True))  # fmt: skip
    former = _former(situation, chosen.proposals)
    return tuple(
        _proposal(each, chosen, {"commune": communes.get(each.commune, ""), "former_code": code,
                                 "former": name, "point": points.get(each.content.point_id, "")})
        for each, (code, name) in zip(chosen.proposals, former, strict=True)
    )  # fmt: skip


def _former(situation: Situation, proposals: Sequence[Proposal]) -> list[tuple[str, str]]:
    """Return code and name of the former commune each proposal lies in, empty where not known."""
    if situation.former is None or not proposals:
        return [("", "")] * len(proposals)
    lonlat = np.array([(each.content.lon, each.content.lat) for each in proposals])
    names = dict(zip(situation.former[CommuneTable.code],
                     situation.former[CommuneTable.full_name], strict=True))  # fmt: skip
    codes = commune_of(lonlat[:, 0], lonlat[:, 1], situation.former)
    return [(code, str(names[code])) if code in names else ("", "") for code in codes]


def _proposal(found: Proposal, chosen: Chosen, names: Mapping[str, Any]) -> ProposalRow:
    content = found.content
    mandatory = [each.code for each in chosen.criteria if each.mandatory]
    answers = (
        found.check.conditions if found.check and found.check.conditions else content.conditions
    )
    met = {each.code for each in answers if each.met is Met.YES}
    return ProposalRow(
        number=found.number, version=found.version, kind=content.kind, state=found.state,
        code=found.code, point_kind=content.point_kind,
        organisation=chosen.organisations.get(content.organisation, ""),
        organisation_code=content.organisation, name=content.name, host=content.host,
        host_type=content.host_type, address=content.address, opening_hours=content.opening_hours,
        commune_code=found.commune, office=found.office, lon=content.lon, lat=content.lat,
        staff=len(content.staff), met=len(met.intersection(mandatory)), mandatory=len(mandatory),
        cost=content.cost, note=content.note, decision=_decision(found.decision),
        **{**names, **{name: getattr(found.figures, name, None) for name in _MEASURED}},
    )  # fmt: skip


def _decision(found: Decision | None) -> DecisionRow | None:
    if found is None:
        return None
    return DecisionRow(found.approved, found.reason, found.text, found.document, day_of(found.at))


# --- the network as it is --------------------------------------------------------------------


def _offices(
    situation: Situation, report: CoverageReport, rows: Sequence[ProposalRow]
) -> tuple[OfficeRow, ...]:
    communes = situation.communes[CommuneTable.office].value_counts()
    found = []
    for each in report.offices:
        own = [row for row in rows if row.office == each.name]
        gained = [row.gained for row in own if row.gained is not None]
        found.append(
            OfficeRow(each.name, int(communes.get(each.name, 0)), each.people, each.people_covered,
                      each.points_direct, each.points_online, len(own), sum(gained) if gained else None)
        )  # fmt: skip
    return tuple(found)


def _gaps(report: GapReport) -> tuple[GapRow, ...]:
    return tuple(
        GapRow(each.rank, each.name, each.commune, each.people, each.nearest_point_m, each.reason,
               each.lon, each.lat)
        for each in report.gaps[:MOST_GAPS]
    )  # fmt: skip


def _overlaps(report: CoverageReport) -> tuple[OverlapRow, ...]:
    many = [each for each in report.communes if each.points_direct >= MANY_POINTS]
    return tuple(
        OverlapRow(each.code, each.name, each.points_direct, each.people)
        for each in sorted(many, key=lambda each: (-each.points_direct, each.code))
    )


def _organisations(
    situation: Situation, rows: Sequence[ProposalRow], completions: Mapping[str, Completion]
) -> tuple[OrganisationRow, ...]:
    """Return the organisations by their open direct points, most first, then by name."""
    named = situation.open_direct[situation.open_direct[PointTable.organisation].notna()]
    groups = named.assign(
        **{PointTable.organisation_code: named[PointTable.organisation_code].fillna("")}
    )
    found = []
    for (code, name), points in groups.groupby(
        [PointTable.organisation_code, PointTable.organisation]
    ):
        staff = points[PointTable.staff_count].dropna()
        own = [
            row
            for row in rows
            if (row.organisation_code == code if code else row.organisation == name)
        ]
        found.append(
            OrganisationRow(str(code), str(name), len(points), int(staff.sum()) if len(staff) else None,
                            len(own), completions.get(str(code), NO_TARGETS) if code else NO_TARGETS)
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.points, each.name, each.code)))


def _notes(situation: Situation, report: CoverageReport) -> tuple[str, ...]:
    """Return what the data lack, in the language of the documents."""
    base, points = situation.base, situation.open_direct
    no_sign = int(points[PointTable.sign].isna().sum())
    no_staff = int(points[PointTable.permanent_staff].isna().sum())
    lines = (
        (len(base.unknown_communes), "{} xã chưa rõ dân số, không tính vào chỉ số về dân số."),
        (base.people_outside, "{} người của lưới dân số nằm ngoài mọi xã, không tính."),
        (report.points_outside, "{} điểm thu nằm ngoài ranh giới tỉnh."),
        (no_sign, "{} điểm thu trực tiếp chưa ghi có biển hiệu hay không."),
        (no_staff, "{} điểm thu trực tiếp chưa ghi có nhân viên thường trực hay không."),
        (int(not report.offices), "Chưa khai BHXH cơ sở của các xã."),
        (int(report.former_communes is None), "Chưa có bảng xã cũ – xã mới hoặc ranh giới xã cũ."),
        (1, "Khoảng cách theo đường chim bay, chưa kể sông, biển và đường đi."),
    )  # fmt: skip
    return tuple(text.format(f"{count:,}".replace(",", ".")) for count, text in lines if count)


def _communes(situation: Situation, report: CoverageReport) -> tuple[CommuneArea, ...]:
    """Return the communes with their outlines, simplified together so that borders stay shared."""
    metric = shapes_in_metres(situation.communes.geometry.to_numpy(), situation.crs)
    simple = shapely.coverage_simplify(metric, OUTLINE_M)
    shapes = dict(zip(situation.communes[CommuneTable.code],
                      shapes_in_degrees(simple, situation.crs), strict=True))  # fmt: skip
    return tuple(_commune(each, shapes[each.code]) for each in report.communes)


def _commune(area: AreaCoverage, shape: Any) -> CommuneArea:
    parts = [each for each in shapely.get_parts(shape) if each.geom_type == "Polygon"]
    rings = tuple(tuple(_ring(ring) for ring in (part.exterior, *part.interiors)) for part in parts)
    return CommuneArea(
        area.code, area.name, area.people, area.people_covered, area.points_direct, rings
    )


def _ring(ring: Any) -> Ring:
    corners = np.asarray(ring.coords)[:, :2].round(_DEGREES).tolist()
    return tuple((lon, lat) for lon, lat in corners)


def _points(situation: Situation) -> tuple[MapPoint, ...]:
    points = situation.points
    return tuple(
        MapPoint(str(name), str(kind), status == "open", round(float(lon), _DEGREES), round(float(lat), _DEGREES))
        for name, kind, status, lon, lat in zip(
            points[PointTable.name], points[PointTable.kind], points[PointTable.status],
            points[PointTable.lon], points[PointTable.lat], strict=True,
        )
    )  # fmt: skip
