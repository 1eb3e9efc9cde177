"""The map of a packet as SVG: communes by status, points, gaps, proposals, legend, scale.

Everything is told apart by shape as well as by colour, for printers without colours. Lengths
are metres of the province's own system on one scale, north up.
"""

from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from geo.crs import in_metres, metric_crs
from planning.exports.packet import words
from planning.model.packet import Packet, Ring
from planning.model.proposals import ProposalKind

FONT = "Tinos"
MARGIN = 6.0
BAR_KM = (0.5, 1, 2, 5, 10, 20, 50, 100)
MOST_LABELS = 40  # more numbers than that hide each other
_LINE = 13.0  # height of a line of the legend
_BAR = 14.0  # height of the strip that holds the scale bar
_COLUMN = 155.0  # width of a column of the legend
_UNKNOWN = "url(#unknown)"
_PATTERN = (
    '<defs><pattern id="unknown" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#fff"/><path d="M0 5L5 0" stroke="#888" '
    'stroke-width=".7"/></pattern></defs>'
)
SHAPES = {
    ProposalKind.OPEN: ("M0 -5.6L5 3.4L-5 3.4Z", "#0b6e3a"),
    ProposalKind.MOVE: ("M0 -5.6L5.6 0L0 5.6L-5.6 0Z", "#0d47a1"),
    ProposalKind.CLOSE: ("M-4.6 -3L-3 -4.6L0 -1.6L3 -4.6L4.6 -3L1.6 0L4.6 3L3 4.6L0 1.6L-3 4.6L-4.6 3L-1.6 0Z", "#b71c1c"),
    ProposalKind.KIND: ("M-4.4 -4.4L4.4 -4.4L4.4 4.4L-4.4 4.4Z", "#6a1b9a"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG and its size in its own units."""

    svg: str
    width: float
    height: float


class _Ground:
    """Turns degrees into the units of the picture."""

    def __init__(self, packet: Packet, width: float, tallest: float) -> None:
        places = [ring for each in packet.communes for part in each.shape for ring in part[:1]]
        if not places:
            places = [((each.lon, each.lat),) for each in packet.proposals] or [((105.0, 10.0),)]
        lonlat = np.concatenate([np.asarray(each, float).reshape(-1, 2) for each in places])
        self._crs = metric_crs(lonlat[:, 0])
        xy = in_metres(lonlat[:, 0], lonlat[:, 1], self._crs)
        (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
        across, up = max(east - west, 1000.0), max(north - south, 1000.0)
        room = width - 2 * MARGIN
        self.scale = min(room / across, (tallest - 2 * MARGIN) / up)
        self.height = up * self.scale + 2 * MARGIN
        self._west, self._north = west - (room / self.scale - across) / 2, north

    def at(self, lonlat: Ring) -> NDArray[np.float64]:
        """Return places as units from the upper left corner, shape (n, 2), to a tenth."""
        places = np.asarray(lonlat, float).reshape(-1, 2)
        xy = in_metres(places[:, 0], places[:, 1], self._crs)
        across = (xy[:, 0] - self._west) * self.scale + MARGIN
        down = (self._north - xy[:, 1]) * self.scale + MARGIN
        return np.column_stack([across, down]).round(1)

    def path(self, shape: tuple[tuple[Ring, ...], ...]) -> str:
        """Return polygons as the `d` of a path."""
        return "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in self.at(ring).tolist()) + "Z"
            for part in shape
            for ring in part
            if ring
        )


def drawn(packet: Packet, width: float, tallest: float) -> Drawing:
    """Draw the map `width` units wide, its ground at most `tallest` units high."""
    legend = _legend(packet, width)
    ground = _Ground(packet, width, max(tallest - _BAR - legend.height, 60.0))
    height = ground.height + _BAR + legend.height
    parts = [
        _opening(width, height), _PATTERN, *_areas(packet, ground), *_listed(packet, ground), *_gaps(packet, ground),
        *_proposed(packet, ground), _bar(ground, width),
        f'<g transform="translate(0 {ground.height + _BAR:.1f})">{legend.svg}</g>', "</svg>",
    ]  # fmt: skip
    return Drawing("".join(parts), width, height)


def _opening(width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:.1f}" '
        f'width="{width:g}" height="{height:.1f}" font-family="{FONT}" font-size="9">'
    )


def shade_of(packet: Packet, share: float | None) -> str:
    """Return how a commune with this share of people served is filled."""
    if share is None:
        return _UNKNOWN
    at = sum(share >= each for each in packet.shading.breaks)
    return packet.shading.colours[at]


def _areas(packet: Packet, ground: _Ground) -> list[str]:
    return [
        f'<path d="{ground.path(each.shape)}" fill="{escape(shade_of(packet, each.share_served))}" '
        'stroke="#555" stroke-width=".5" fill-rule="evenodd"/>'
        for each in packet.communes
    ]


def _listed(packet: Packet, ground: _Ground) -> list[str]:
    """Return the listed points; those that are open and direct last, on top."""
    order = sorted(packet.points, key=lambda each: (each.open, each.kind == "direct"))
    if not order:
        return []
    places = ground.at(tuple((each.lon, each.lat) for each in order)).tolist()
    return [
        _listed_sign(x, y, direct=each.kind == "direct", works=each.open)
        for (x, y), each in zip(places, order, strict=True)
    ]


def _listed_sign(x: float, y: float, *, direct: bool, works: bool) -> str:
    if not works:
        return f'<path d="M{x - 1.5:g} {y:g}h3" stroke="#777" stroke-width=".8"/>'
    if direct:
        return (
            f'<circle cx="{x:g}" cy="{y:g}" r="1.5" fill="#111" stroke="#fff" stroke-width=".3"/>'
        )
    return f'<circle cx="{x:g}" cy="{y:g}" r="1.4" fill="#fff" stroke="#111" stroke-width=".5"/>'


def _gaps(packet: Packet, ground: _Ground) -> list[str]:
    found = []
    for each in packet.gaps:
        x, y = ground.at(((each.lon, each.lat),))[0].tolist()
        found.append(
            f'<circle cx="{x:g}" cy="{y:g}" r="7" fill="#fff" fill-opacity=".7" stroke="#111" '
            f'stroke-width=".9" stroke-dasharray="2 1.4"/>{_text(x, y + 2.8, str(each.rank), 8)}'
        )
    return found


def _proposed(packet: Packet, ground: _Ground) -> list[str]:
    found = []
    for at, each in enumerate(packet.proposals, start=1):
        x, y = ground.at(((each.lon, each.lat),))[0].tolist()
        found.append(_sign(each.kind, x, y))
        if len(packet.proposals) <= MOST_LABELS:
            found.append(_text(x, y - 6.5, str(at), 7.5, halo=True))
    return found


def _sign(kind: ProposalKind, x: float, y: float) -> str:
    path, colour = SHAPES[kind]
    return (
        f'<path transform="translate({x:g} {y:g})" d="{path}" fill="{colour}" stroke="#fff" '
        'stroke-width=".8"/>'
    )


def _text(x: float, y: float, text: str, size: float, *, halo: bool = False) -> str:
    placed = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="middle"'
    below = f'<text {placed} stroke="#fff" stroke-width="2">{escape(text)}</text>' if halo else ""
    return f'{below}<text {placed} fill="#111">{escape(text)}</text>'


def _bar(ground: _Ground, width: float) -> str:
    """Return the scale bar: the longest round number of km within a quarter of the width."""
    fitting = [km for km in BAR_KM if km * 1000 * ground.scale <= width / 4]
    km = fitting[-1] if fitting else BAR_KM[0]
    length, down = km * 1000 * ground.scale, ground.height + _BAR - 4
    return (
        f'<path d="M{MARGIN:g} {down - 4:.1f}v4h{length:.1f}v-4" fill="none" stroke="#111"/>'
        f"{_text(MARGIN + length / 2, down - 5, f'{km:g} km'.replace('.', ','), 8)}"
    )


def _legend(packet: Packet, width: float) -> Drawing:
    """Return what every sign means, in as many columns as there is room for."""
    entries = [
        *((f'<rect x="-6" y="-5" width="12" height="9" fill="{colour}" stroke="#555" stroke-width=".5"/>', text)
          for colour, text in _classes(packet)),
        *((_sign(kind, 0, 0), f"Đề xuất: {text.lower()}") for kind, text in words.KINDS.items()),
        (_listed_sign(0, 0, direct=True, works=True), "Điểm thu trực tiếp đang hoạt động"),
        (_listed_sign(0, 0, direct=False, works=True), "Điểm thu trực tuyến, lưu động"),
        (_listed_sign(0, 0, direct=True, works=False), "Điểm thu không hoạt động"),
        ('<circle r="5.5" fill="#fff" stroke="#111" stroke-width=".9" stroke-dasharray="2 1.4"/>',
         "Khoảng trống, theo thứ tự"),
    ]  # fmt: skip
    across = max(1, int(width // _COLUMN))
    down = -(-len(entries) // across)
    parts = [
        f'<g transform="translate({10 + at // down * width / across:.1f} {10 + at % down * _LINE:.1f})">'
        f'{sign}<text x="10" y="3" font-size="9" fill="#111">{escape(text)}</text></g>'
        for at, (sign, text) in enumerate(entries)
    ]
    about = (
        f"Số liệu đến {words.day(packet.origin.data_date)}; dân số: "
        f"{words.short(packet.origin.population.source, 60)}; ranh giới từ "
        f"{words.day(packet.origin.valid_from)}"
        + (f" ({words.short(packet.origin.boundaries, 50)})" if packet.origin.boundaries else "")
    )
    lines = _wrapped(about, int(width / 4.1))
    below = down * _LINE + 8
    parts += [
        f'<text x="4" y="{below + 4 + at * 10:.1f}" font-size="8" font-style="italic" fill="#111">'
        f"{escape(line)}</text>"
        for at, line in enumerate(lines)
    ]
    return Drawing("".join(parts), width, below + 10 * len(lines) + 2)


def _classes(packet: Packet) -> list[tuple[str, str]]:
    """Return colour and words of every class of the share served."""
    breaks = [words.share(each).replace(",0%", "%") for each in packet.shading.breaks]
    texts = (
        [f"được phục vụ dưới {breaks[0]} dân số",
         *(f"từ {low} đến dưới {high}" for low, high in pairwise(breaks)),
         f"từ {breaks[-1]}"] if breaks else ["xã"]
    )  # fmt: skip
    return [*zip(packet.shading.colours, texts, strict=True), (_UNKNOWN, "chưa rõ dân số")]


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
