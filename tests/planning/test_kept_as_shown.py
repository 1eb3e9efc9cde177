"""What is kept is what was shown: nothing comes between, no answer means other than it says."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from geo.findings import Severity
from geo.recognition import Choices
from geo.sources.boundaries import Vintage
from geo.sources.population import Unusable
from planning.model.errors import RequestError
from planning.services import imports
from planning.services.imports import ImportAsk, Origin, keeping
from planning.store import layers
from planning.store.drafts import Drafts
from tests.toy import district, files

US = Origin()


@pytest.fixture
def store(empty_store, tmp_path):
    store = empty_store
    folder = files.write(tmp_path)
    imports.import_boundaries(store, folder / "communes.geojson", Vintage("98", "2025-07-01"), US)
    imports.import_population(store, folder / "population.csv", Unusable.LEAVE_OUT, US)
    return store


def ask_points(folder, *rows, answers=None, name="list.csv"):
    (folder / name).write_text(files.points_csv(*rows), encoding="utf-8")
    return ImportAsk("points", folder / name, US, choices=Choices(answers=answers or {}))


def interrupted(monkeypatch, *between):
    """Let each of `between` happen once, after a file was read and before it is kept."""
    examine, waiting = keeping.examine, list(between)

    def read_then_wait(store, ask):
        reading = examine(store, ask)
        if waiting:
            waiting.pop(0)()
        return reading

    monkeypatch.setattr(keeping, "examine", read_then_wait)


def communes_of_points(store):
    with store.reading() as db:
        return list(layers.load_points(db, "98")["commune_code"])


def recoded(folder, west_first):
    """Write the row of four with its first two codes in either order; return the file."""
    features = files.row_of_four()
    if not west_first:
        features[0]["properties"]["code"], features[1]["properties"]["code"] = "98002", "98001"
    path = folder / f"recoded-{west_first}.geojson"
    path.write_text(files.collection(features), encoding="utf-8")
    return path


def test_a_list_read_on_communes_replaced_meanwhile_is_read_again(store, tmp_path, monkeypatch):
    ask = ask_points(tmp_path, ((1, 1), "A", "Trực tiếp", "Hoạt động"))
    ours = recoded(tmp_path, west_first=False)
    vintage = Vintage("98", "2025-07-01")
    theirs = ImportAsk("boundaries", ours, US, vintage=vintage)
    interrupted(monkeypatch, lambda: keeping.commit(store, theirs))

    keeping.commit(store, ask)

    assert communes_of_points(store) == ["98002"]  # as the communes are now


def test_a_list_that_would_give_other_rows_now_is_shown_again_first(store, tmp_path, monkeypatch):
    far = ((60, 1), "B", "Trực tiếp", "Hoạt động")  # far outside the row of four
    ask = replace(
        ask_points(tmp_path, ((1, 1), "A", "Trực tiếp", "Hoạt động"), far), good_rows=True
    )
    features = [*files.row_of_four(), files.feature("98005", district.square(59, 0, 2))]
    path = tmp_path / "five.geojson"
    path.write_text(files.collection(features), encoding="utf-8")
    theirs = ImportAsk("boundaries", path, US, vintage=Vintage("98", "2025-07-01"))
    interrupted(monkeypatch, lambda: keeping.commit(store, theirs))

    with pytest.raises(RequestError, match="look again"):
        keeping.commit(store, ask)
    assert communes_of_points(store) == []


def test_headings_alone_are_told_before_anybody_tries_to_keep_them(store, tmp_path):
    reading = imports.examine(store, ask_points(tmp_path))

    assert [(each.severity, each.code) for each in reading.report] == [(Severity.BLOCKS, "no-rows")]


TOTALS = (
    ("98001", "Xã Số 1", "100"), ("", "Tổng", "900"), ("98002", "Xã Số 2", "200"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "rows", "severity"),
    [(None, 2, Severity.ASK), (True, 2, Severity.CHANGED), (False, 3, Severity.LOOK)],
)
def test_a_row_said_to_be_no_total_is_read_as_data(store, tmp_path, answer, rows, severity):
    path = tmp_path / "people.csv"
    lines = [",".join(each) for each in (("Mã xã", "Tên xã", "Dân số"), *TOTALS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    choices = Choices(answers={} if answer is None else {"total-row": answer})
    reading = imports.examine(
        store, ImportAsk("population", path, US, choices=choices, unusable=Unusable.LEAVE_OUT)
    )

    found = [each for each in reading.report if each.code == "total-row"]
    assert [(each.severity, each.row) for each in found] == [(severity, 3)]
    assert reading.rows == rows


def test_a_question_says_what_comes_of_a_no(store, tmp_path):
    lon, lat = district.degrees([(1, 1)])[0]
    path = tmp_path / "swapped.csv"
    path.write_text(f"Tên điểm thu,Vĩ độ,Kinh độ\nA,{lat},{lon}\nB,{lon},{lat}\n", encoding="utf-8")

    def read(answers):
        return imports.examine(
            store, ImportAsk("points", path, US, choices=Choices(answers=answers))
        )

    asked = next(each for each in read({}).report if each.code == "axes-exchanged")
    declined = read({"axes-exchanged": False})
    said = {each.severity for each in declined.report if each.code == "axes-exchanged"}
    assert (asked.severity, asked.declined) == (Severity.ASK, Severity.LEFT_OUT)
    assert (said, declined.usable) == ({Severity.LEFT_OUT}, 1)


def test_people_beyond_the_border_are_not_held_against_the_communes(store, tmp_path):
    """A cell in each commune with its people, and a neighbour's city inside the extent.

    The extent of a row of communes one of which stands apart holds much that is not theirs.
    """
    features = [*files.row_of_four(), files.feature("98005", district.square(20, 20, 2))]
    path = tmp_path / "five.geojson"
    path.write_text(files.collection(features), encoding="utf-8")
    imports.import_boundaries(store, path, Vintage("98", "2025-07-01"), US)
    people = files.POPULATION + "98005,1000\n"
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    imports.import_population(store, tmp_path / "people.csv", Unusable.LEAVE_OUT, US)
    middles = [*district.MIDDLES, (21, 21)]
    cells = [*zip(middles, (100, 200, 300, 400, 1000), strict=True), ((12, 12), 90_000)]
    rows = [(*district.degrees([place])[0], count) for place, count in cells]
    rows += [(rows[0][0] + 0.005, rows[0][1], 1)]  # which says how wide a cell is

    def told(factor):
        (tmp_path / "grid.csv").write_text(
            "lon,lat,people\n" + "".join(
                f"{lon:.6f},{lat:.6f},{count * factor}\n" for lon, lat, count in rows
            ), encoding="utf-8",
        )  # fmt: skip
        reading = imports.examine(store, ImportAsk("grid", tmp_path / "grid.csv", US, "98"))
        return "total-implausible" in {each.code for each in reading.report}

    assert (told(1), told(3)) == (False, True)


def test_one_slow_file_keeps_nobody_from_a_preview_that_is_there():
    previews = imports.Previews()
    there = imports.Preview(rows=3)
    previews.get(("a", ""), lambda: there)
    reading, go_on = threading.Event(), threading.Event()

    def slow():
        reading.set()
        assert go_on.wait(20)
        return imports.Preview(rows=9)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(previews.get, ("b", ""), slow)
        assert reading.wait(20)
        second = pool.submit(previews.get, ("b", ""), pytest.fail)  # waits for the first
        try:
            quick = pool_of_one(previews.get, ("a", ""), pytest.fail)
        finally:
            go_on.set()
        assert (quick.rows, first.result(20).rows, second.result(20).rows) == (3, 9, 9)


def pool_of_one(call, *args):
    """Return what `call` answers in a thread of its own; fail where it hangs."""
    pool = ThreadPoolExecutor(1)
    try:
        return pool.submit(call, *args).result(10)
    finally:
        pool.shutdown(wait=False)


def test_places_read_otherwise_are_counted_each(store, tmp_path):
    path = tmp_path / "comma.csv"
    lines = [
        f"{name};{lat:.6f};{lon:.6f}".replace(".", ",")
        for name, (lon, lat) in zip("ABC", district.degrees(district.MIDDLES[:3]), strict=True)
    ]
    path.write_text("\n".join(["Tên điểm thu;Vĩ độ;Kinh độ", *lines]), encoding="utf-8")
    drafts = Drafts(tmp_path / "uploads", largest_mb=1)
    incoming = drafts.receive(None)
    incoming.write(path.read_bytes())
    draft = drafts.keep(incoming, "98", "points", "comma.csv", {})

    preview = imports.preview(store, drafts, imports.Previews(), draft)

    assert (preview.usable, preview.changed) == (3, 6)  # three latitudes, three longitudes
