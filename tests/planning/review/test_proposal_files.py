"""Photos and documents of proposals: what is taken, what is left of it, who may have it."""

import io
import struct
import zipfile
import zlib
from dataclasses import replace

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from planning.model.errors import NotFoundError, RequestError, TooLargeError
from planning.model.people import ForbiddenError, Grant, Role, User
from planning.model.proposals import Content, ProposalKind
from planning.services.review import attachments, drafting, photos
from planning.services.review.attachments import DOCUMENT, PHOTO, Incoming
from planning.store import audit, proposals
from tests.toy import district

PROVINCE = district.PROVINCE
PLANNER = User("an", grants=(Grant(Role.PLANNER, PROVINCE),))
CHECKER = User("binh", grants=(Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98001"})),))
ELSEWHERE = User("chi", grants=(Grant(Role.CHECKER, PROVINCE, communes=frozenset({"98002"})),))
VIEWER = User("dung", grants=(Grant(Role.VIEWER, PROVINCE),))
STRANGER = User("em", grants=(Grant(Role.ADMINISTRATOR, "97"),))
ONE_OF_KIND = "%PDF-1.7\n% một văn bản\n".encode()


@pytest.fixture
def number(store):
    lon, lat = district.degrees([(1.0, 1.0)])[0]
    made = drafting.propose(
        store, PLANNER, PROVINCE, Content(ProposalKind.OPEN, "Chợ Số 1", lon, lat)
    )
    return made.number


def picture(wide=800, high=600, form="JPEG", mode="RGB", **options):
    """Return a photo whose left half is red and whose right half is blue."""
    drawn = Image.new("RGB", (wide, high), "red")
    drawn.paste("blue", (wide // 2, 0, wide, high))
    out = io.BytesIO()
    drawn.convert(mode).save(out, form, **options)
    return out.getvalue()


def from_a_phone(wide=4000, high=3000, orientation=6):
    """Return a photo as a phone writes it: lying on its side, with place, time and device."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Hãng máy"
    exif[0x9003] = "2026:05:01 08:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (IFDRational(10), IFDRational(22), IFDRational(52))
    gps[3], gps[4] = "E", (IFDRational(105), IFDRational(25), IFDRational(12))
    body = picture(wide, high, exif=exif, comment=b"ghi chu rieng", icc_profile=b"mau rieng" * 20)
    assert b"Exif" in body
    assert Image.open(io.BytesIO(body)).getexif().get_ifd(0x8825)[3] == "E"
    return body


def png_of_size(wide, high):
    """Return the beginning of a PNG that says it has so many pixels."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def office(part, extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(part, "<x/>")
        for name, body in extra:
            packed.writestr(name, body)
    return out.getvalue()


def add(store, number, name, body, what=PHOTO, user=CHECKER):
    return attachments.add(store, user, PROVINCE, number, [Incoming(what, name, body)])


def kept_bytes(store, number, it, user=CHECKER):
    return attachments.one(store, user, PROVINCE, number, it.id)[1]


def test_a_photo_stands_upright_is_small_and_says_nothing_else(store, number):
    _, [it] = add(store, number, "IMG_1.jpg", from_a_phone())
    body = kept_bytes(store, number, it)
    seen = Image.open(io.BytesIO(body))
    assert (seen.format, seen.size) == ("JPEG", (1200, 1600))
    # Turned clockwise, what was left is above.
    red, blue = seen.getpixel((600, 100)), seen.getpixel((600, 1500))
    assert red[0] > 200
    assert red[2] < 60
    assert blue[2] > 200
    assert blue[0] < 60
    assert dict(seen.getexif()) == {}
    assert not seen.info.keys() & {"exif", "icc_profile", "comment", "xmp", "photoshop"}
    for secret in (b"Exif", b"GPS", b"rieng", "Hãng".encode(), b"2026:05:01"):
        assert secret not in body


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_to_hold_a_phone_gives_the_same_upright_photo(orientation):
    upright = Image.new("RGB", (400, 300), "white")
    upright.paste("red", (0, 0, 200, 150))
    upright.paste("blue", (200, 150, 400, 300))
    back = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270}.get(orientation)  # fmt: skip
    held = upright if back is None else upright.transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    held.save(out, "JPEG", exif=exif, quality=95)
    seen = Image.open(io.BytesIO(photos.cleaned(out.getvalue(), "x.jpg")))
    assert seen.size == (400, 300)
    assert seen.getpixel((50, 50))[1] < 60  # red
    assert seen.getpixel((350, 250))[1] < 60  # blue
    assert seen.getpixel((350, 50))[1] > 200  # white


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "I;16"])
def test_photos_of_every_kind_of_png_are_taken(mode):
    body = picture(form="PNG", mode=mode if mode != "I;16" else "I;16")
    assert Image.open(io.BytesIO(photos.cleaned(body, "x.png"))).mode == "RGB"


def test_what_one_sees_through_becomes_white():
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    seen = Image.open(io.BytesIO(photos.cleaned(out.getvalue(), "x.png")))
    assert min(seen.getpixel((50, 50))) > 250


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("vẽ.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "JPEG or PNG"),
        ("ảnh.jpg", b"<!doctype html><script>alert(1)</script>", "JPEG or PNG"),
        ("ảnh.jpg", b"GIF89a" + b"\0" * 100, "JPEG or PNG"),
        ("ảnh.tif", b"II*\0" + b"\0" * 100, "JPEG or PNG"),
        ("ảnh.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n", "JPEG or PNG"),
        ("IMG_2.HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 100, "Most compatible"),
        ("to.png", png_of_size(50_000, 50_000), "50000 × 50000"),
        ("to.png", png_of_size(2_000_000_000, 2), "2000000000 × 2"),
        ("hỏng.png", png_of_size(100, 100), "cannot be read"),
        ("hỏng.jpg", picture()[:2000], "cannot be read"),
        ("hỏng.jpg", b"\xff\xd8\xff\xe0", "cannot be read"),
        ("nhiều lớp.jpg", picture() + b"\xff\xda" * 200, "cannot be read"),
        ("rỗng.jpg", b"", "is empty"),
    ],
)
def test_a_hostile_or_broken_photo_is_refused_by_name_and_nothing_is_kept(
    store, number, name, body, says
):
    with pytest.raises(RequestError) as refused:
        add(store, number, name, body)
    assert name in str(refused.value)
    assert says in str(refused.value)
    assert attachments.listed(store, CHECKER, PROVINCE, number) == []


def test_a_jpeg_of_too_many_pixels_is_refused_before_it_is_read():
    body = bytearray(picture(64, 64))
    at = body.index(b"\xff\xc0") + 5  # the frame: precision, then height and width
    body[at : at + 4] = struct.pack(">HH", 50_000, 50_000)
    with pytest.raises(RequestError, match="50000 × 50000"):
        photos.cleaned(bytes(body), "x.jpg")


def test_of_a_photo_that_is_also_a_page_or_an_archive_only_the_photo_is_left(store, number):
    tail = b"<script>alert(1)</script>" + office("word/document.xml")
    _, [it] = add(store, number, "hai mặt.jpg", picture() + tail)
    body = kept_bytes(store, number, it)
    assert b"<script" not in body
    assert b"PK\x03\x04" not in body


def test_files_too_large_are_refused_by_size(store, number):
    with pytest.raises(TooLargeError, match=r"10\.5 MB"):
        add(store, number, "x.jpg", picture() + b"\0" * 10_500_000)
    with pytest.raises(TooLargeError, match="at most 20 MB"):
        add(store, number, "x.pdf", ONE_OF_KIND + b"\0" * 20_000_000, DOCUMENT)


@pytest.mark.parametrize(
    ("body", "media_type", "ending"),
    [
        (ONE_OF_KIND, "application/pdf", "pdf"),
        (picture(), "image/jpeg", "jpg"),
        (picture(form="PNG"), "image/png", "png"),
        (
            office("word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        (
            office("xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    ],
)
def test_documents_are_known_by_what_is_in_them_and_stay_as_they_are(
    store, number, body, media_type, ending
):
    _, [it] = add(store, number, "Văn bản.html", body, DOCUMENT)
    assert it.media_type == media_type
    assert kept_bytes(store, number, it) == body
    assert attachments.safe_name(number, it) == f"{number}-{it.id}.{ending}"


@pytest.mark.parametrize(
    "body",
    [
        b"<html></html>", b"MZ\x90\0", b"\x7fELF", b"#!/bin/sh\n", b" %PDF-1.7",
        office("ppt/presentation.xml"), office("word/document.xml")[:40],
        office("word/document.xml", [("word/vbaProject.bin", b"x")]),
    ],
)  # fmt: skip
def test_other_documents_are_refused(store, number, body):
    with pytest.raises(RequestError):
        add(store, number, "x.docx", body, DOCUMENT)
    assert attachments.listed(store, CHECKER, PROVINCE, number) == []


def test_an_archive_that_would_fill_the_disk_is_kept_without_being_unpacked(
    store, number, monkeypatch
):
    bomb = office("word/document.xml", [("word/media/1.bin", b"\0" * 15_000_000)])

    def unpacked(*_):
        pytest.fail("an archive was opened")

    monkeypatch.setattr(zipfile, "ZipFile", unpacked)
    monkeypatch.setattr(zlib, "decompress", unpacked)
    monkeypatch.setattr(zlib, "decompressobj", unpacked)
    _, [it] = add(store, number, "bom.docx", bomb, DOCUMENT)
    assert it.size == len(bomb) < 100_000


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\an\\Biên bản.pdf", "Biên bản.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("\0", "tệp"),
        ("Hợp đồng số 12.pdf", "Hợp đồng số 12.pdf"),
    ],
)
def test_a_name_is_text_and_no_path(store, number, sent, kept):
    _, [it] = add(store, number, sent, ONE_OF_KIND, DOCUMENT)
    assert it.name == kept
    assert attachments.safe_name(number, it).isascii()


def test_every_file_is_a_step_with_its_event(store, number):
    found, [one] = add(store, number, "1.jpg", picture())
    later, [other] = add(store, number, "2.pdf", ONE_OF_KIND, DOCUMENT)
    assert (found.version, one.version, later.version, other.version) == (2, 2, 3, 3)
    with store.reading() as db:
        events = proposals.events(db, found.id)
        assert not list(audit.breaks(db))
    assert [each.action for each in events] == ["propose", "attach", "attach"]
    assert events[1].facts["sha256"] == one.sha256
    assert events[2].facts["what"] == "document"
    assert "2.pdf" not in str(events[2].facts)  # a name may be somebody's


def test_the_same_file_sent_again_is_kept_once(store, number):
    body = picture()
    first, [one] = add(store, number, "1.jpg", body)
    again, [same] = add(store, number, "lại.jpg", body)
    assert (again.version, same.id) == (first.version, one.id)


def test_of_several_files_with_a_bad_one_none_is_kept(store, number):
    files = [Incoming(PHOTO, "1.jpg", picture()), Incoming(PHOTO, "2.jpg", b"<svg/>")]
    with pytest.raises(RequestError, match=r"2\.jpg"):
        attachments.add(store, CHECKER, PROVINCE, number, files)
    assert attachments.listed(store, CHECKER, PROVINCE, number) == []


@pytest.mark.parametrize(("user", "refusal"), [
    (VIEWER, ForbiddenError), (ELSEWHERE, NotFoundError), (STRANGER, NotFoundError),
    (User("nobody"), NotFoundError), (replace(CHECKER, active=False), NotFoundError),
])  # fmt: skip
def test_only_who_works_on_a_proposal_adds_to_it(store, number, user, refusal):
    with pytest.raises(refusal):
        add(store, number, "1.jpg", picture(), user=user)
    assert attachments.listed(store, CHECKER, PROVINCE, number) == []


def test_only_who_may_see_a_proposal_sees_its_files(store, number):
    _, [it] = add(store, number, "1.jpg", picture())
    assert attachments.one(store, VIEWER, PROVINCE, number, it.id)[0] == it
    for user in (ELSEWHERE, STRANGER, User("nobody")):
        with pytest.raises(NotFoundError):
            attachments.listed(store, user, PROVINCE, number)
        with pytest.raises(NotFoundError):
            attachments.one(store, user, PROVINCE, number, it.id)


def test_a_file_is_found_under_its_own_proposal_only(store, number):
    _, [it] = add(store, number, "1.jpg", picture())
    lon, lat = district.degrees([(1.5, 1.0)])[0]
    other = drafting.propose(store, PLANNER, PROVINCE, Content(ProposalKind.OPEN, "Khác", lon, lat))
    with pytest.raises(NotFoundError):
        attachments.one(store, PLANNER, PROVINCE, other.number, it.id)


def test_a_proposal_holds_so_many_files_and_bytes(store, number, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    for place in range(2):
        add(store, number, "x.pdf", ONE_OF_KIND + bytes([place]), DOCUMENT)
    with pytest.raises(RequestError, match="as many files as it can"):
        add(store, number, "x.pdf", ONE_OF_KIND + b"2", DOCUMENT)
    monkeypatch.setattr(attachments, "MOST_FILES", 9)
    monkeypatch.setattr(attachments, "MOST_OF_PROPOSAL", 3 * len(ONE_OF_KIND))
    with pytest.raises(RequestError, match="as many files as it can"):
        add(store, number, "x.pdf", ONE_OF_KIND + b"2", DOCUMENT)


def test_somebody_adds_so_much_a_day(store, number, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_A_DAY", 1)
    add(store, number, "x.pdf", ONE_OF_KIND, DOCUMENT)
    with pytest.raises(RequestError, match="in a day"):
        add(store, number, "x.pdf", ONE_OF_KIND + b"1", DOCUMENT)
    add(store, number, "x.pdf", ONE_OF_KIND + b"1", DOCUMENT, PLANNER)  # somebody else still can
    monkeypatch.setattr(attachments, "now", lambda: "2099-01-01T00:00:00+00:00")
    add(store, number, "x.pdf", ONE_OF_KIND + b"2", DOCUMENT)  # another day


def test_nothing_is_kept_where_the_transaction_fails(store, number, monkeypatch):
    def fail(*_):
        raise OSError

    monkeypatch.setattr(attachments.attachments, "insert", fail)
    with pytest.raises(OSError):
        add(store, number, "1.jpg", picture())
    with store.reading() as db:
        found = proposals.load(db, PROVINCE, number)
        assert found.version == 1
        assert len(proposals.events(db, found.id)) == 1
