"""Photos made small and clean: upright, at most 1600 pixels, nothing in them but the picture.

What a phone writes beside the picture (place, time, device, a small copy of it) is left behind,
because the pixels alone are written anew. The size is read and refused before any of them is.
"""

import io
from threading import Lock

from PIL.Image import Image, Resampling, Transpose, new
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from geo.errors import N_
from planning.model.errors import RequestError

LONGEST_PX = 1600
SMALL_PX = 240
MOST_PIXELS = 50_000_000
MOST_SCANS = 100  # of a JPEG; each goes over the whole picture once more
QUALITY = 80
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
TOO_MANY_PIXELS = N_("The photo “%(file)s” has %(wide)s × %(high)s pixels; at most %(most)s million are taken. Make it smaller and send it again.")  # fmt: skip
DAMAGED = N_("“%(file)s” cannot be read as a photo; it may be damaged. Take or save it again.")
HEIC_PHOTO = N_("“%(file)s” is a HEIC photo, which is not taken here. In the settings of the camera choose “Most compatible” (JPEG), or save the photo as JPEG.")  # fmt: skip
NO_PHOTO = N_("“%(file)s” is no photo that is taken here: send JPEG or PNG.")
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE, 6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}  # fmt: skip
_ONE_AT_A_TIME = Lock()  # an opened photo takes up to some hundred MB
# What the library raises for broken pictures is not one kind of error.
_BROKEN = (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, OverflowError,
           MemoryError, EOFError)  # fmt: skip


def cleaned(body: bytes, name: str) -> bytes:
    """Return a photo as a new JPEG; `name` is what its owner calls it.

    Raises `RequestError` for what is no JPEG or PNG by its first bytes, has too many pixels or
    cannot be read.
    """
    _require_photo(body, name)
    with _ONE_AT_A_TIME:
        return _written(_opened(body, name), name, LONGEST_PX)


def small(body: bytes) -> bytes:
    """Return one of our own photos as a thumbnail."""
    with _ONE_AT_A_TIME:
        return _written(_opened(body, ""), "", SMALL_PX)


def is_heic(body: bytes) -> bool:
    """Whether bytes begin as the photos of iPhones do (HEIF and its kin)."""
    return body[4:8] == b"ftyp" and body[8:12] in (b"heic", b"heix", b"heim", b"hevc", b"mif1", b"msf1", b"avif")  # fmt: skip


def _require_photo(body: bytes, name: str) -> None:
    if is_heic(body):
        raise RequestError(HEIC_PHOTO, file=name)
    if not body.startswith((JPEG, PNG)):
        raise RequestError(NO_PHOTO, file=name)
    if body.startswith(JPEG) and body.count(b"\xff\xda") > MOST_SCANS:
        raise RequestError(DAMAGED, file=name)


def _opened(body: bytes, name: str) -> ImageFile:
    """Return a picture of which only the head was read: of these two kinds, whatever its name."""
    kind = JpegImageFile if body.startswith(JPEG) else PngImageFile
    try:
        found = kind(io.BytesIO(body))
    except _BROKEN:
        raise RequestError(DAMAGED, file=name) from None
    wide, high = found.size
    if wide * high > MOST_PIXELS:
        raise RequestError(TOO_MANY_PIXELS, file=name, wide=wide, high=high, most=MOST_PIXELS // 10**6)  # fmt: skip
    return found


def _written(found: ImageFile, name: str, longest: int) -> bytes:
    try:
        upright = _UPRIGHT.get(found.getexif().get(_ORIENTATION, 1))
        found.draft("RGB", (longest, longest))  # a JPEG is read at a half, quarter or eighth
        pixels = _in_colours(found)
        pixels.thumbnail((longest, longest), Resampling.LANCZOS)
        if upright is not None:
            pixels = pixels.transpose(upright)
    except _BROKEN:
        raise RequestError(DAMAGED, file=name) from None
    clean = new("RGB", pixels.size)
    clean.paste(pixels)  # the pixels and nothing that the picture brought along
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _in_colours(found: ImageFile) -> Image:
    """Return a picture in red, green and blue, on white where one sees through it."""
    if found.mode in ("RGBA", "LA", "PA") or "transparency" in found.info:
        seen = found.convert("RGBA")
        ground = new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    if found.mode.startswith("I"):  # sixteen bits a pixel
        return found.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return found.convert("RGB")
