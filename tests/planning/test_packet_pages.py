"""The printed documents, read by another program: paper, letters, page numbers, every word."""

import io
import re
import unicodedata
from collections.abc import Iterator

import pypdf
import pytest

from planning.exports.packet import annexes, overview, typeset
from planning.exports.packet.tables import annexes as all_annexes
from planning.model.errors import NotReadyError
from planning.model.packet import Packet
from tests.planning import packets

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
LEFT, RIGHT, TOP, BOTTOM = 30 * MM, 15 * MM, 20 * MM, 20 * MM


def pages(data: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(data)).pages)


def text_of(found: list[pypdf.PageObject]) -> str:
    text = " ".join(each.extract_text() for each in found).replace("\u200b", "")
    return unicodedata.normalize("NFC", text)


def close(text: str) -> str:
    """Return a text without its spaces: lines break and words part where there is no room."""
    return "".join(text.replace("\u200b", "").split())


def pieces(page: pypdf.PageObject) -> Iterator[tuple[float, float, str]]:
    """Yield every piece of text with where it begins, points from the lower left corner."""
    found: list[tuple[float, float, str]] = []

    def seen(text: str, matrix, place, _font, _size) -> None:
        if text.strip():
            found.append(
                (place[4] * matrix[0] + matrix[4], place[5] * matrix[3] + matrix[5], text.strip())
            )

    page.extract_text(visitor_text=seen)
    yield from found


@pytest.fixture(scope="module")
def many() -> Packet:
    return packets.packet(proposals=tuple(packets.proposal(at) for at in range(1, 71)))


@pytest.fixture(scope="module")
def many_pages(many):
    return pages(annexes.annex_pages(many))


@pytest.fixture(scope="module")
def hostile() -> Packet:
    return Packet.of(packets.hostile().as_dict())


@pytest.fixture(scope="module")
def hostile_pages(hostile):
    return pages(annexes.annex_pages(hostile))


# --- the page of the overview ---------------------------------------------------------------


@pytest.mark.parametrize("which", ["small", "hostile", "empty"])
def test_the_overview_is_one_page_of_a4_whatever_it_holds(which):
    made = {
        "small": packets.packet(), "hostile": packets.hostile(),
        "empty": packets.packet(offices=(), gaps=(), overlaps=(), proposals=(), organisations=(),
                                notes=(), communes=(), points=(), gained_together=None),
    }[which]  # fmt: skip
    found = pages(overview.overview(made))
    assert len(found) == 1
    assert (float(found[0].mediabox.width), float(found[0].mediabox.height)) == pytest.approx(
        A4, abs=0.1
    )


def test_the_overview_says_what_the_round_says():
    text = text_of(pages(overview.overview(packets.packet())))
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BẢO HIỂM XÃ HỘI TỈNH MẪU", "Phiên rà soát số 2",
        "20/11/2026", "31/10/2026", "143.219 người", "31 / 17", "80,0%", "76,9%", "75,0% / 77,8%",
        "2,39", "4.620", "8,9%", "12.752 người", "chưa có số liệu", "BHXH cơ sở Châu Phú", "80,9%",
        "Bưu điện tỉnh Mẫu", "39,4%", "Xã 99004 chưa rõ dân số", "6.120", "GIÁM ĐỐC", "2.010",
        "dan_so_2025.csv", "Phường Bình Thủy",
    ):  # fmt: skip
        assert close(said) in close(text), said


def test_figures_nobody_knows_are_said_to_be_unknown():
    figures = packets.packet().figures
    none = type(figures)(0, 0, 0, 0, 0, 0, 4, 0, None, None, None, None, 0, 0)
    text = text_of(pages(overview.overview(packets.packet(figures=none))))
    assert text.count("chưa có số liệu") == 7  # all but points and completed targets, which is one
    assert "None" not in text
    assert "nan" not in text


def test_words_on_the_map_say_what_it_rests_on():
    values = overview.values(packets.packet())
    for said in ("Số liệu đến 31/10/2026", "dan_so_2025.csv", "01/07/2025", "chưa rõ dân số",
                 "Đề xuất: mở mới"):  # fmt: skip
        assert close(said) in close(values["map"].replace("</text>", " "))


def test_the_scale_bar_is_as_long_as_it_says():
    # The four squares are 0.2 of a degree high: 0.2 x 110.6 km by the ellipsoid at 10 degrees north.
    svg = overview.values(packets.packet())["map"]
    bar, said = re.search(r"v4h([0-9.]+)v-4.*?>([0-9,]+) km<", svg).groups()
    downs = [
        float(y)
        for path in re.findall(r'd="(M[^"]+Z)" fill', svg)[:4]
        for y in re.findall(r" ([0-9.]+)", path)
    ]
    high = max(downs) - min(downs)
    assert float(bar) / high * 0.2 * 110.6 == pytest.approx(float(said.replace(",", ".")), rel=0.01)


# --- the annexes ----------------------------------------------------------------------------


def test_every_proposal_stands_in_both_lists(many, many_pages):
    text = text_of(many_pages)
    assert {row.number: text.count(row.number) for row in many.proposals} == {
        row.number: 2 for row in many.proposals
    }


def test_wide_lists_lie_on_their_side_and_all_paper_is_a4(many_pages):
    sizes = {
        (round(float(page.mediabox.width)), round(float(page.mediabox.height)))
        for page in many_pages
    }
    assert sizes == {(595, 842), (842, 595)}
    wide = [page for page in many_pages if page.mediabox.width > page.mediabox.height]
    assert all("DX-2026-" in page.extract_text() for page in wide)


def test_headings_stand_on_every_page_of_a_list(many_pages):
    lists = [page for page in many_pages if "DX-2026-" in page.extract_text()]
    assert len(lists) >= 6
    assert all("Số đề xuất" in " ".join(page.extract_text().split()) for page in lists)


def test_no_text_stands_outside_the_margins(many_pages, hostile_pages):
    for page in (*many_pages[:2], *hostile_pages):
        wide, high = float(page.mediabox.width), float(page.mediabox.height)
        for x, y, text in pieces(page):
            assert LEFT - 1 <= x <= wide - RIGHT, text
            assert 0 < y < high, text


def test_words_without_an_end_stay_in_their_cells(hostile_pages):
    # Letters of 9 points, an A is 0.722 of that wide; the widest column of a name has 45 mm.
    wide = [page for page in hostile_pages if page.mediabox.width > page.mediabox.height]
    runs = [
        run for page in wide for line in page.extract_text().splitlines()
        for run in re.findall("A{3,}", line.replace("\u200b", ""))
    ]  # fmt: skip
    assert runs
    assert max(map(len, runs)) * 0.722 * 9 <= 45 * MM


def test_each_annex_counts_its_pages_from_one_and_hides_the_first(many, many_pages):
    titles = [each.title for each in all_annexes(many)]
    numbers: list[list[str]] = []
    for page in many_pages:
        high, wide = float(page.mediabox.height), float(page.mediabox.width)
        above = [(x, text) for x, y, text in pieces(page) if y > high - TOP + 2]
        if any(close(title) in close(text_of([page])) for title in titles):
            numbers.append([])
            assert above == []
            continue
        ((x, text),) = above
        numbers[-1].append(text)
        middle = LEFT + (wide - LEFT - RIGHT) / 2
        assert x == pytest.approx(middle, abs=10)
    assert len(numbers) == len(titles)
    assert all(found == [str(at) for at in range(2, 2 + len(found))] for found in numbers)


def test_no_row_is_cut_by_the_end_of_a_page(many_pages):
    # The running number stands in the middle of a row: a row that went on would lack it.
    numbers = [
        int(text)
        for page in many_pages[:1]
        for x, _, text in pieces(page)
        if x < LEFT + 8 * MM and text.isdigit()
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    for at, page in enumerate(many_pages[:4]):
        text = page.extract_text()
        assert text.count("DX-2026-") == text.count("đã thẩm"), at


# --- letters, marks, hostile text -------------------------------------------------------------


def test_letters_are_the_vendored_ones_and_inside_the_file():
    for data in (overview.overview(packets.packet()), annexes.annex_pages(packets.packet())):
        fonts = set()
        for page in pages(data):
            for font in page["/Resources"]["/Font"].values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                described = inner["/FontDescriptor"].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(described)
                fonts.add(str(inner["/BaseFont"]).partition("+")[2].partition("-")[0])
        assert fonts == {"Tinos"}


def test_every_vietnamese_letter_is_printed():
    made = packets.packet(notes=(packets.LETTERS, packets.LETTERS.upper()))
    for data in (overview.overview(made), annexes.annex_pages(made)):
        text = close(text_of(pages(data)))
        assert packets.LETTERS in text
        assert packets.LETTERS.upper() in text


@pytest.mark.parametrize("make", [overview.overview, annexes.annex_pages])
def test_a_demonstration_is_marked_on_every_page_and_real_data_are_not(make):
    marked = pages(make(packets.packet()))
    assert all("Dữ liệu minh họa" in text_of([page]) for page in marked)
    assert "minh họa" not in text_of(
        pages(make(packets.packet(origin=packets.origin(synthetic=False))))
    )


def test_the_fingerprint_stands_on_both_documents():
    made = packets.packet()
    assert made.fingerprint[:16] in text_of(pages(overview.overview(made)))
    printed = pages(annexes.annex_pages(made))
    assert all(made.fingerprint[:16] in text_of([page]) for page in printed)
    assert close(made.fingerprint) in close(text_of(printed))


def test_markup_in_texts_is_printed_as_it_is_written(hostile, hostile_pages):
    text = close(text_of(hostile_pages))
    assert "A" * 119 + "…" in text  # longer names are whole in the spreadsheet only
    for row in [each for each in hostile.proposals if len(each.organisation) <= 120]:
        assert close(row.organisation) in text, row.organisation
    assert "#letx=1;#panic()" in text
    assert "*đậm*_nghiêng_$x^2$@nhãn<mốc>" in text


def test_the_letters_missing_is_said_with_the_mend(monkeypatch, tmp_path):
    typeset.fonts.cache_clear()
    monkeypatch.setattr(typeset, "LETTERS", tmp_path)
    with pytest.raises(NotReadyError, match=r"run\.py"):
        typeset.fonts()
    typeset.fonts.cache_clear()
