"""The packet of a review round of 200 proposals: seconds of each document, beside bare typst.

The network is that of the demonstration province; the proposals and their figures are made
up. The bound is what typst takes for an equal table with no frame, map or second document.
"""

import json
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import typst

from geo.reach import StraightLine
from planning.analysis.coverage import assess_coverage
from planning.analysis.freezing import Chosen, Drawn, Measured, frozen
from planning.analysis.gaps import find_gaps
from planning.analysis.situation import Situation
from planning.bootstrap import open_store
from planning.exports.packet import DOCUMENTS
from planning.exports.packet.tables import annexes
from planning.exports.packet.typeset import fonts
from planning.maps import classes, content
from planning.model.packet import Origin, Packet, Population, Round, Shading
from planning.model.proposals import (
    DEFAULT_CRITERIA,
    Condition,
    Content,
    Figures,
    Met,
    Proposal,
    ProposalKind,
    State,
)
from planning.model.standards import ServiceStandard
from planning.services import demo
from planning.settings import Settings
from planning.store.situation import load_situation

PROPOSALS, AIM_S = 200, 10.0
_DAY = "2026-11-20"
_BARE = b"""#let rows = json(bytes(sys.inputs.rows))
#set page(flipped: true)
#table(columns: rows.first().len(), ..rows.flatten())
"""


def measure(proposals: int = PROPOSALS) -> Iterator[str]:
    """Yield the report line by line."""
    packet = demonstration_round(proposals)
    yield (
        f"{proposals} proposals, {len(packet.communes)} communes, {len(packet.points)} points; "
        f"snapshot {len(packet.as_bytes()) / 1e6:.1f} MB; seconds of process time, the first time "
        "and again"
    )
    first, again = {}, {}
    for name, make in DOCUMENTS.items():
        first[name], data = _timed(partial(make, packet))
        again[name], same = _timed(partial(make, packet))
        if data != same:
            raise ArithmeticError(f"{name} differs when it is made again")
        yield f"{name:18s} {first[name]:6.2f} {again[name]:6.2f} s {len(data) / 1000:8.0f} kB"
    bare = _timed(partial(_bare, packet))[0]
    total = sum(first.values())
    yield f"whole packet {total:.2f} s (aim: under {AIM_S:.0f}), made again {sum(again.values()):.2f} s"
    yield (
        f"bare typst on an equal table {bare:.2f} s: the annexes take "
        f"{first['phu-luc.pdf'] / bare:.1f} times as long, the packet {total / bare:.1f} times"
    )


def demonstration_round(proposals: int) -> Packet:
    """Return a round of made-up proposals on the demonstration province."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "bench.db")
        store = open_store(Settings.from_environment({"DIEMTHU_DATABASE": database}))
        store.upgrade()
        situation = load_situation(store, demo.load_province(store), None)
        store.close()
    standard, engine = ServiceStandard.one_radius(3.0), StraightLine()
    report, gaps = (
        assess_coverage(situation, standard, engine),
        find_gaps(situation, standard, engine),
    )
    layers = {
        "communes": content.communes(situation), "points": content.points(situation),
        "coverage": content.rounded(report.as_dict()), "gaps": content.rounded(gaps.as_dict()),
    }  # fmt: skip
    shading = Shading(classes.SHARE.breaks, classes.SHARE.colours)
    made = tuple(_proposals(situation, proposals))
    return frozen(
        Round(1, "Đo thời gian", _DAY), _origin(situation), Measured(situation, report, gaps),
        Chosen(made, DEFAULT_CRITERIA, {"3456789000": "Bưu điện tỉnh"}), Drawn(shading, layers),
    )  # fmt: skip


def _origin(situation: Situation) -> Origin:
    base = situation.base
    return Origin(
        province_code=situation.province_code, province=situation.province_name, authority="",
        valid_from=situation.valid_from, data_date=situation.data_date,
        population=Population(base.source, base.as_of, base.people, base.unknown_communes),
        boundaries="", standard="3 km", program="Diemthu", method="Nhiều người nhất", parameters={},
        fingerprint=situation.fingerprint, synthetic=base.synthetic,
    )  # fmt: skip


def _proposals(situation: Situation, count: int) -> Iterator[Proposal]:
    """Yield proposals where people live; every figure is made up."""
    chance = np.random.default_rng(7)
    offices = dict(zip(situation.communes["code"], situation.communes["office"], strict=True))
    listed = situation.points["point_id"].tolist()
    places = situation.demand.iloc[chance.integers(len(situation.demand), size=count)]
    for at, (lon, lat, code) in enumerate(
        zip(places["lon"], places["lat"], places["commune_code"], strict=True), start=1
    ):
        kind = tuple(ProposalKind)[at % 4]
        wanted = Content(
            kind, f"Điểm thu ấp Mẫu {at}", float(lon), float(lat),
            "" if kind is ProposalKind.OPEN else listed[at % len(listed)], organisation="3456789000",
            host=f"Nhà văn hóa ấp Mẫu {at}", host_type="văn phòng ấp", address=f"Ấp Mẫu {at}, đường số {at % 30}",
            opening_hours="7 giờ 30 – 16 giờ 30", cost=40_000_000 + at * 1000,
            conditions=tuple(Condition(each.code, Met.YES) for each in DEFAULT_CRITERIA[:5]),
        )  # fmt: skip
        figures = Figures(
            3000 - 7 * at, 0, 400 + at, 6000.0 + at, 1500.0 + at, at, "firm", situation.fingerprint,
            situation.valid_from, situation.data_date or "", situation.base.source, "3 km", _DAY,
        )  # fmt: skip
        yield Proposal(
            at, situation.province_code, f"DX-2026-{at:04d}", State.APPRAISED, 4, wanted, code,
            str(offices.get(code) or ""), situation.valid_from, "local", _DAY, _DAY, figures,
        )  # fmt: skip


def _bare(packet: Packet) -> bytes:
    """Return the cells of the annexes' lists of proposals as a table with nothing around it."""
    found = b""
    for annex in annexes(packet)[:2]:
        rows = [list(row) for part in annex.parts for row in part.rows]
        # Letters as for the packet: looking for those of the machine is no typesetting.
        found += typst.compile(
            _BARE, format="pdf", sys_inputs={"rows": json.dumps(rows)}, font_paths=fonts(),
            ignore_system_fonts=True,
        )  # fmt: skip
    return found


def _timed(step: Any) -> tuple[float, Any]:
    begun = time.process_time()
    result = step()
    return time.process_time() - begun, result
