"""The map as one file that opens without a network and without us.

folium's empty map, the scripts and styles of the map page and the layers stand in one HTML
file. Data are JSON in elements that no browser runs; a policy in the file lets only its own
scripts run, by their hashes, and nothing reach another host.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from geo.drawing.canvas import shell
from geo.errors import N_
from planning.language import day
from planning.model.errors import NotReadyError
from planning.model.performance import NEED_NAMES, Need

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "planning" / "web" / "static"
VENDOR = STATIC / "vendor"
TOPOJSON = "topojson-client-3.1.0/dist/topojson-client.min.js"
LAYERS = ("communes", "points", "coverage", "gaps", "plan")
SCRIPTS = ("words", "signs", "layers", "panel", "table", "page")
FONT = re.compile(r'url\("(vendor/[^"]+\.woff2)"\)')
PICTURE = re.compile(r"url\((?!data:)[^)]*\)")


@dataclass(frozen=True, slots=True)
class MapContent:
    """What a map file holds: one province on one vintage, and its layers as plain values.

    `layers` has the JSON objects of the map page under the names of `LAYERS`; `valid_from`
    and `data_date` are ISO days. `need` says whom its figures count.
    """

    province: str
    synthetic: bool
    valid_from: str
    data_date: str | None
    layers: Mapping[str, Any]
    need: Need = Need.EVERYBODY

    def __post_init__(self) -> None:
        missing = [name for name in LAYERS if name not in self.layers]
        if missing:
            raise ValueError(missing)


def write_map(path: Path, content: MapContent, say: Callable[[str], str], locale: str) -> None:
    """Write `content` as one HTML file in the language of `say` and `locale`."""
    path.write_text(map_html(content, say, locale), encoding="utf-8")


def map_html(content: MapContent, say: Callable[[str], str], locale: str) -> str:
    """Return the map file as text."""
    scripts = [_script(each) for each in _own_scripts()]
    template = _templates(say, locale).get_template("map/standalone.html")
    return template.render(
        content=content,
        language=locale,
        shell=shell,
        styles=[_raw(each) for each in _styles()],
        scripts=[_raw(each) for each in scripts],
        script_hashes=Markup(" ".join(_policy_hash(each) for each in scripts)),  # noqa: S704 - digests, no text
    )


def _templates(say: Callable[[str], str], locale: str) -> Environment:
    def translate(message: str, **values: object) -> str:
        text = say(message)
        return text % values if values else text

    templates = Environment(
        loader=FileSystemLoader(ROOT / "templates"), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    templates.globals.update(_=translate, NEED_NAMES=NEED_NAMES)
    templates.filters["day"] = lambda iso: day(iso, locale)
    return templates


@cache
def _own_scripts() -> tuple[str, ...]:
    """Return the text of every script in the order in which they run."""
    files = [VENDOR / name for name in (*shell().scripts, TOPOJSON)]
    own = [STATIC / "map" / f"{name}.js" for name in SCRIPTS]
    return (*map(_text, files), shell().script, *map(_text, own))


@cache
def _styles() -> tuple[str, ...]:
    """Return the text of every style sheet, letters inside, other pictures left out."""
    vendored = [PICTURE.sub("none", _text(VENDOR / name)) for name in shell().styles]
    own = FONT.sub(
        lambda found: f"url({_data_address(STATIC / found[1])})", _text(STATIC / "diemthu.css")
    )
    return (*vendored, own)


def _text(path: Path) -> str:
    """Return one of the files that are put into the map."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotReadyError(
            N_("The browser file %(name)s is missing; start once with “python3 run.py”."),
            name=path.name,
        ) from None


def _script(text: str) -> str:
    """Return a script that cannot end its element early."""
    return re.sub(r"</(?=script)", r"<\\/", text, flags=re.IGNORECASE).replace("<!--", r"<\!--")


def _policy_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _data_address(path: Path) -> str:
    return "data:font/woff2;base64," + base64.b64encode(path.read_bytes()).decode()


def _raw(text: str) -> Markup:
    """Return our own script or style as it is: no text of a user is ever in it."""
    return Markup(text)  # noqa: S704 - our own files, as said above
