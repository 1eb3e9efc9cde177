"""The proposals as KML: one folder for each kind, coloured pins, the figures as description.

GDAL's own KML has neither colours nor a place for what the whole rests on.
"""

from xml.etree import ElementTree as ET

from planning.exports.packet import words
from planning.exports.packet.columns import plain_columns
from planning.exports.packet.picture import SHAPES
from planning.model.packet import Packet, ProposalRow

_SPACE = "http://www.opengis.net/kml/2.2"


def as_kml(packet: Packet) -> bytes:
    """Return the proposals as KML 2.2; no picture of another host is asked for."""
    root = ET.Element("kml", {"xmlns": _SPACE})
    document = ET.SubElement(root, "Document")
    _say(document, "name", f"{words.title(packet)} – {packet.origin.province}")
    lines = [f"{name}: {value}" for name, value in words.sources(packet)]
    _say(document, "description", "\n".join(lines))
    for kind, (_, colour) in SHAPES.items():
        style = ET.SubElement(document, "Style", {"id": kind.value})
        _say(ET.SubElement(style, "IconStyle"), "color", _abgr(colour))
    for kind, text in words.KINDS.items():
        rows = [each for each in packet.proposals if each.kind is kind]
        if rows:
            folder = ET.SubElement(document, "Folder")
            _say(folder, "name", text)
            for each in rows:
                _place(folder, packet, each)
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _place(folder: ET.Element, packet: Packet, row: ProposalRow) -> None:
    place = ET.SubElement(folder, "Placemark")
    _say(place, "name", f"{row.number} – {row.name}")
    lines = [
        f"{each.heading}: {found}"
        for each in plain_columns(packet)
        if (found := each.cell(row)) not in (None, "")
    ]
    _say(place, "description", "\n".join(lines))
    _say(place, "styleUrl", f"#{row.kind.value}")
    _say(ET.SubElement(place, "Point"), "coordinates", f"{row.lon:.6f},{row.lat:.6f}")


def _say(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _abgr(colour: str) -> str:
    """Return #rrggbb as KML writes it: opacity, blue, green, red."""
    return f"ff{colour[5:7]}{colour[3:5]}{colour[1:3]}"
