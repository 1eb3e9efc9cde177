"""The empty map links nothing that is not ours."""

import json
import re
from pathlib import Path

import folium
import pytest
from branca.element import JavascriptLink

from geo.drawing import canvas
from geo.drawing.canvas import RemoteAssetError, parts, shell

ROOT = Path(__file__).resolve().parents[2]


def test_the_shell_has_one_stable_name_and_no_link_to_another_host():
    first = shell()
    canvas.shell.cache_clear()
    assert shell() == first
    assert first.script.startswith("var map_diemthu = L.map(")
    assert 'id="map_diemthu"' in first.html
    assert "//" not in first.html
    assert not re.search(r"https?:", first.script)


def test_a_link_that_the_table_does_not_know_is_refused():
    drawn = folium.Map(tiles=None)
    drawn.get_root().header.add_child(JavascriptLink("https://other.example/new.js"), name="new")
    with pytest.raises(RemoteAssetError, match="new"):
        parts(drawn)


def test_a_map_with_outside_tiles_is_refused():
    with pytest.raises(RemoteAssetError):
        parts(folium.Map(tiles="OpenStreetMap"))


def test_all_that_names_a_version_names_the_one_of_the_lock():
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    versions = {name.rpartition("/")[2]: each.get("version") for name, each in lock.items()}
    texts = [ROOT / "geo/drawing/canvas.py", ROOT / "planning/web/static/diemthu.css",
             ROOT / "templates/map/page.html", ROOT / "planning/exports/as_map.py"]  # fmt: skip
    named = {
        pair
        for path in texts
        for pair in re.findall(
            r"(leaflet|topojson-client|be-vietnam-pro)-(\d+\.\d+\.\d+)", path.read_text()
        )
    }
    assert {name for name, _ in named} == {"leaflet", "topojson-client", "be-vietnam-pro"}
    assert all(versions[name] == version for name, version in named)


def test_the_lock_of_browser_files_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert not any("resolved" in each for each in lock.values())
    assert all(each.get("integrity", "sha512-").startswith("sha512-") for each in lock.values())
