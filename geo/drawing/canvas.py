"""The empty map that folium makes, with every link to another host replaced or refused.

folium draws the shell only: map, zoom buttons, scale. Data never goes through folium, which
does not escape text.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import cast

import folium
from branca.element import CssLink, Figure, JavascriptLink

MAP_ID = "diemthu"
VIETNAM_CENTRE = (15.9, 106.3)

# Every link that folium's header may carry, by folium's own name for it: the vendored file
# that takes its place, or None where the shell does not use it.
LOCAL_FILES: dict[str, str | None] = {
    "leaflet": "leaflet-1.9.4/dist/leaflet.js",
    "leaflet_css": "leaflet-1.9.4/dist/leaflet.css",
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
    "glyphicons_css": None,
}
REMOTE = re.compile(r"""(?:https?:)?//[\w.-]+\.[a-z]{2,}""", re.IGNORECASE)


class RemoteAssetError(Exception):
    """The map links a file of another host that the table of local files does not know."""


@dataclass(frozen=True, slots=True)
class Shell:
    """An empty map in parts: its HTML, its script and the vendored files it needs.

    The script makes the global variable `map_diemthu`. `scripts` and `styles` are paths
    inside the folder of vendored files, in the order in which they must be loaded.
    """

    html: str
    script: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]


@cache
def shell() -> Shell:
    """Return the empty map: no tiles, a scale, zoom up to 18."""
    drawn = folium.Map(
        location=VIETNAM_CENTRE, zoom_start=6, tiles=None, control_scale=True, max_zoom=18,
        zoom_snap=0.25, zoom_delta=0.5,
    )  # fmt: skip
    return parts(drawn)


def parts(drawn: folium.Map) -> Shell:
    """Return the parts of a folium map; raise when it needs a file we do not have."""
    drawn._id = MAP_ID  # noqa: SLF001 - folium's only way to a name that stays the same
    figure = cast(Figure, drawn.get_root())
    figure.render()
    scripts: list[str] = []
    styles: list[str] = []
    for name, element in figure.header._children.items():  # noqa: SLF001 - its links have no other door
        if not isinstance(element, JavascriptLink | CssLink):
            continue
        if name not in LOCAL_FILES:
            raise RemoteAssetError(name, element.url)
        if local := LOCAL_FILES[name]:
            (scripts if isinstance(element, JavascriptLink) else styles).append(local)
    html, script = figure.html.render(), figure.script.render()
    if found := REMOTE.search(html + script):
        raise RemoteAssetError(found.group())
    return Shell(html.strip(), script.strip() + "\n", tuple(scripts), tuple(styles))
