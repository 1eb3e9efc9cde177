"""An uploaded file is there for who brought it, and for nobody else."""

import re
from io import BytesIO

import pytest
from signing_in import OWN, add, quick_hashes, signed_in
from small_province import PROVINCE

from planning.model.people import Grant, Role
from planning.services import sources

PEOPLE = "Mã nhân viên,Họ và tên\nNV1,Nguyễn Thị An\n"


@pytest.fixture
def browsers(app, monkeypatch):
    """Return the browsers of two planners and of a viewer."""
    quick_hashes(monkeypatch)
    made = []
    for name, role in (("an", Role.PLANNER), ("binh", Role.PLANNER), ("chi", Role.VIEWER)):
        add(app, name, Grant(role, PROVINCE))
        made.append(signed_in(app, name))
    return made


def bring(client, kind: str, text: str):
    form = {"kind": kind, "file": (BytesIO(text.encode()), f"{kind}.csv")}
    return client.post(f"/{PROVINCE}/import", data=form, headers=OWN)


def test_nobody_else_sees_changes_imports_or_drops_it(browsers):
    an, *others = browsers
    place = bring(an, "staff", PEOPLE).location
    assert re.fullmatch(rf"/{PROVINCE}/import/[0-9a-f]{{40}}", place)
    assert an.get(place).status_code == 200
    for other, status in zip(others, (404, 403), strict=True):
        for path in ("", "/shapes.json", "/findings.xlsx"):
            assert other.get(place + path).status_code == status
        for path in ("", "/commit", "/anew", "/discard"):
            assert other.post(place + path, headers=OWN).status_code == status
    assert an.get(place).status_code == 200


def test_what_its_owner_imports_carries_their_name(app, browsers):
    an = browsers[0]
    place = bring(an, "staff", PEOPLE).location
    assert an.post(f"{place}/commit", headers=OWN).status_code == 303
    newest = sources.imports(app.extensions["planning"], PROVINCE)[0]
    assert (newest.kind, newest.imported_by) == ("staff", "an")


def test_a_viewer_gets_no_file_and_reads_no_name_on_the_page_of_data(app, browsers):
    an, _, viewer = browsers
    place = bring(an, "staff", PEOPLE).location
    an.post(f"{place}/commit", headers=OWN)
    number = sources.imports(app.extensions["planning"], PROVINCE)[0].id
    page = viewer.get(f"/{PROVINCE}/data").get_data(as_text=True)
    assert "Nguyễn Thị An" not in page
    assert f"/data/{number}/file" not in page
    for path in (f"data/{number}/file", f"data/{number}/findings.xlsx", "data/staff.csv"):
        assert viewer.get(f"/{PROVINCE}/{path}").status_code == 403
    assert "Nguyễn Thị An" in an.get(f"/{PROVINCE}/data/staff.csv").get_data(as_text=True)
    assert "Nguyễn Thị An" in an.get(f"/{PROVINCE}/data/{number}/file").get_data(as_text=True)
