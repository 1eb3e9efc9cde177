"""What the documents of a review round are called, what each is for, and its kind of file."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.errors import N_


@dataclass(frozen=True, slots=True)
class Document:
    """A document in the list: its title, what it is for, its kind of file."""

    title: str
    use: str
    mimetype: str


_XML = "application/vnd.openxmlformats-officedocument"
DOCUMENTS: Mapping[str, Document] = {
    "to-trinh.docx": Document(
        N_("Submission (Word)"), N_("Complete the missing places, then sign: A4, with its annex."),
        f"{_XML}.wordprocessingml.document",
    ),
    "tong-hop.pdf": Document(
        N_("Overview on one page (PDF)"), N_("For everybody at the meeting: print on A4, one page."),
        "application/pdf",
    ),
    "phu-luc.pdf": Document(
        N_("Annexes (PDF)"), N_("All proposals, offices and organisations: print on A4 across."),
        "application/pdf",
    ),
    "danh-sach.xlsx": Document(
        N_("List for the decisions (Excel)"),
        N_("Write the decisions into the yellow columns, then bring the file back here."),
        f"{_XML}.spreadsheetml.sheet",
    ),
    "ban-do.html": Document(
        N_("Offline map"), N_("Opens in any browser without a network: carry it on a memory stick."),
        "text/html",
    ),
    "danh-sach.csv": Document(N_("List (CSV)"), N_("For other programs."), "text/csv"),
    "de-xuat.geojson": Document(
        N_("Proposals on the map (GeoJSON)"), N_("For QGIS or a web map."), "application/geo+json"
    ),
    "mang-luoi.gpkg": Document(
        N_("Network and proposals (GeoPackage)"), N_("For QGIS: communes, points and proposals."),
        "application/geopackage+sqlite3",
    ),
    "de-xuat.kml": Document(
        N_("Proposals on the map (KML)"), N_("For Google Earth on a telephone or PC."),
        "application/vnd.google-earth.kml+xml",
    ),
    "ho-so-phien.json": Document(
        N_("The frozen data (JSON)"), N_("Everything the documents say; they can be made again of it alone."),
        "application/json",
    ),
}  # fmt: skip
ZIP = "application/zip"
