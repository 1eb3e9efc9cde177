"""The same round gives the same bytes: another process, another time, another place."""

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from planning.exports.packet import DOCUMENTS, MANIFEST, documents, made, names
from planning.model.errors import NotReadyError
from planning.model.packet import Packet
from tests.planning import packets

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {
    "communes": {},
    "points": {"columns": [], "rows": []},
    "coverage": {},
    "gaps": {"gaps": []},
}
CHILD = """
import json, sys
from pathlib import Path
from planning.exports.packet import made
from planning.model.packet import Packet
packet = Packet.of(json.loads(Path(sys.argv[1]).read_bytes()))
made(packet, Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def packet() -> Packet:
    return packets.packet(layers=LAYERS)


def make_elsewhere(snapshot: Path, target: Path, zone: str, seed: str) -> None:
    """Make the packet from its snapshot in a process with its own clock, place and order of sets."""
    run = subprocess.run(
        [sys.executable, "-c", CHILD, str(snapshot), str(target)], cwd=target.parent, text=True,
        capture_output=True, check=False,
        env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "LC_ALL": "C"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


def test_a_packet_made_again_from_its_snapshot_is_the_same_to_the_byte(packet, tmp_path):
    snapshot = tmp_path / "snapshot.json"
    snapshot.write_bytes(packet.as_bytes())
    begun = time.monotonic()
    make_elsewhere(snapshot, tmp_path / "one.zip", "Asia/Ho_Chi_Minh", "1")
    # A zip counts in steps of two seconds: less would not move its clock.
    time.sleep(max(0.0, 2.5 - (time.monotonic() - begun)))
    make_elsewhere(snapshot, tmp_path / "two.zip", "America/St_Johns", "2")
    with zipfile.ZipFile(tmp_path / "one.zip") as one, zipfile.ZipFile(tmp_path / "two.zip") as two:
        assert one.namelist() == two.namelist() == [*DOCUMENTS, MANIFEST]
        different = [name for name in one.namelist() if one.read(name) != two.read(name)]
    assert different == []
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_threads_that_print_at_once_make_the_same(packet):
    alone = documents(packet)
    with ThreadPoolExecutor(4) as threads:
        assert all(each == alone for each in threads.map(documents, [packet] * 4))


def test_the_manifest_names_every_file_by_its_hash(packet, tmp_path):
    manifest = made(packet, tmp_path / "out")
    there = {each.name for each in (tmp_path / "out").iterdir()}
    assert there == {*manifest["files"], MANIFEST}
    assert json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")) == manifest
    for name, about in manifest["files"].items():
        data = (tmp_path / "out" / name).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (about["sha256"], about["bytes"])
    assert manifest["fingerprint"] == packet.fingerprint
    assert manifest["synthetic"] is True
    assert Packet.of(json.loads((tmp_path / "out" / "ho-so-phien.json").read_bytes())) == packet


def test_folder_and_zip_hold_the_same(packet, tmp_path):
    made(packet, tmp_path / "out")
    made(packet, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "out" / name).read_bytes()
        assert {each.date_time for each in archive.infolist()} == {(2026, 11, 20, 0, 0, 0)}


def test_without_layers_no_map_is_made(tmp_path):
    bare = packets.packet()
    manifest = made(bare, tmp_path / "out")
    assert tuple(manifest["files"]) == names(bare)
    assert set(DOCUMENTS) - set(names(bare)) == {"ban-do.html"}
    with pytest.raises(NotReadyError):
        DOCUMENTS["ban-do.html"](bare)


def test_what_is_not_rounded_yet_makes_the_documents_of_its_snapshot(tmp_path):
    loose = packets.packet(proposals=(packets.proposal(1, lon=105.0123456789, name="Ho\u0300a"),))
    kept = Packet.of(loose.as_dict())
    assert made(loose, tmp_path / "a")["files"] == made(kept, tmp_path / "b")["files"]


def test_the_map_file_shows_the_proposals_that_open_or_move_a_point(packet, tmp_path):
    made(packet, tmp_path / "out")
    page = (tmp_path / "out" / "ban-do.html").read_text(encoding="utf-8")
    plan = page.partition('id="data-plan">')[2].partition("</script>")[0]
    sites = json.loads(plan)["plan"]["sites"]
    assert [each["rank"] for each in sites] == [1, 2, 5, 6]
    assert "DX-2026-0005" in sites[2]["commune"]
    assert "Dữ liệu minh họa" in page


def test_a_packet_half_written_leaves_nothing_behind(packet, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        made(packet, tmp_path / "out.zip")
    assert list(tmp_path.iterdir()) == []
