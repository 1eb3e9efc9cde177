"""The annexes of a review round as pages (PDF): lists whose headings stand on every page."""

from typing import Any

from planning.exports.packet import words
from planning.exports.packet.overview import head
from planning.exports.packet.tables import annexes
from planning.exports.packet.typeset import pdf
from planning.model.packet import Packet

TEMPLATE = "annexes.typ"


def annex_pages(packet: Packet) -> bytes:
    """Return the annexes as PDF; each has page numbers of its own, as annexes have."""
    return pdf(TEMPLATE, values(packet), packet.round.day)


def values(packet: Packet) -> dict[str, Any]:
    """Return what the pages say, every value a text."""
    return {
        **head(packet), "round": words.title(packet),
        "scope": f"Số liệu đến {words.day(packet.origin.data_date)}; ranh giới hiệu lực từ "
                 f"{words.day(packet.origin.valid_from)}; dân số: "
                 f"{words.short(packet.origin.population.source, 90)}",
        "mark": f"{words.short(words.title(packet), 90)} · hồ sơ {packet.fingerprint[:16]}",
        "annexes": [
            {"title": each.title, "landscape": each.landscape,
             "parts": [part.as_dict() for part in each.parts]}
            for each in annexes(packet)
        ],
    }  # fmt: skip
