"""A written place → the present commune it names, through former names too, never by guessing.

An address runs from small to large: house, hamlet, commune, district, province. Its parts
stand between commas, or begin with their kind (“xã Kiến An huyện Chợ Mới”). The commune is the
part with a commune's kind; where no part has one, a part whose name is a commune's. Names
match by `geo.names.name_key`: every letter and tone counts, so that what is written without
diacritics, or with others, only gives candidates.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from geo.names import clean, kind_and_name, loose_key, name_key, search_key
from geo.tables import Communes, Crosswalk

COMMUNE_KINDS = ("xã", "phường", "thị trấn", "đặc khu")
DISTRICT_KINDS = ("huyện", "quận", "thị xã", "thành phố")
PROVINCE_KIND = "tỉnh"
_CACHED = 200_000


class How(StrEnum):
    """How a written place was matched, or why it was not."""

    PRESENT = "present name"
    FORMER = "former name"
    SPLIT = "a former commune that was split"
    SEVERAL = "several communes of that name"
    DISTRICT = "no commune of that name in the district written"
    ELSEWHERE = "another province is written"
    SPELLING = "written without diacritics, or with others"
    NOTHING = "no commune of that name"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A present commune that may be meant; `through` names the former one it was found by."""

    code: str
    name: str
    through: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """The present commune of a written place (None: nobody can tell), and those it may be."""

    code: str | None
    candidates: tuple[Candidate, ...]
    how: How


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """One row of a crosswalk: a former commune, and a present one that took it or a part.

    `province` is the one of that time; it tells the district Châu Thành of one former
    province from that of another.
    """

    code: str
    full_name: str
    district: str | None
    new_code: str
    province: str | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """A unit under one of its names: the present communes it means, the districts it lay in."""

    key: str
    kind: str
    codes: tuple[str, ...]
    districts: frozenset[str]
    through: str | None = None
    province: str | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    kind: str
    key: str
    loose: str
    former: bool | None  # marked as the former name, or as what it is now


class Register:
    """The communes of one province under their present and former names.

    `communes` gives code and full name of each present commune, `former` the crosswalk;
    former communes that lead to no commune of the province are passed over. `provinces`
    are the names of the province, of today first, then of those that went into it; without
    them no province is held against an address.
    """

    def __init__(
        self,
        communes: Iterable[tuple[str, str]],
        former: Iterable[FormerCommune] = (),
        provinces: Iterable[str] = (),
    ) -> None:
        self.names = dict(communes)
        rows = [each for each in former if each.new_code in self.names]
        keys = [name_key(each) for each in provinces]
        self.provinces = frozenset(keys)
        # The name of today may stand for all of the province; a name of then only for its part.
        self._gone = frozenset(keys[1:]) - frozenset(keys[:1])
        self.districts = frozenset(name_key(each.district) for each in rows if each.district)
        self._exact: dict[str, list[_Named]] = {}
        self._loose: dict[str, list[_Named]] = {}
        for named in (*self._present(rows), *_formers(rows)):
            self._exact.setdefault(named.key, []).append(named)
            self._loose.setdefault(loose_key(named.key), []).append(named)
        self.match = lru_cache(maxsize=_CACHED)(self._match)

    @classmethod
    def of(
        cls, communes: Communes, crosswalk: Crosswalk | None, provinces: Iterable[str] = ()
    ) -> "Register":
        """Return the register of a commune table and its crosswalk."""
        rows: list[FormerCommune] = []
        if crosswalk is not None:
            names = ["old_code", "old_name", "old_district", "new_code"]
            for code, name, district, new in crosswalk[names].itertuples(index=False):
                where = district if isinstance(district, str) else None
                rows.append(FormerCommune(code, name, where, new))
        pairs = zip(communes["code"], communes["full_name"], strict=True)
        return cls(pairs, rows, provinces)

    def _present(self, rows: Sequence[FormerCommune]) -> Iterable[_Named]:
        lay: dict[str, set[str]] = {}
        for each in rows:
            if each.district:
                lay.setdefault(each.new_code, set()).add(name_key(each.district))
        for code, full_name in self.names.items():
            kind, key = kind_and_name(full_name)
            yield _Named(key, kind, (code,), frozenset(lay.get(code, ())))

    def _match(self, written: str, former: bool | None) -> Match:
        parts = self._parts(written)
        plain = written.isascii()
        if self.provinces and any(
            each.kind == PROVINCE_KIND and not _among(each, self.provinces, plain=plain)
            for each in parts
        ):
            return Match(None, (), How.ELSEWHERE)
        marked = [each for each in parts if each.kind in COMMUNE_KINDS]
        asked = marked or [
            each
            for each in parts
            if not each.kind and not _among(each, self.provinces, plain=plain)
        ]
        found = [
            (each, names) for each in asked
            if (names := _of_time(self._meant(each, plain=plain), each.former if former is None else former))
        ]  # fmt: skip
        if not found:
            return self._candidates(asked, parts)
        return self._settled(found, parts, marked=bool(marked))

    def _parts(self, written: str) -> tuple[_Part, ...]:
        """Return the parts of an address from left to right, without houses and streets by number."""
        written = unicodedata.normalize("NFC", written)
        gaps = _PLAIN_GAPS if written.isascii() else _MARKED_GAPS
        texts = [text for piece in _BREAKS.split(written) for text in gaps.split(piece.strip())]
        parts: list[_Part] = []
        for text in texts:
            if _DASHES.search(text):
                parts += self._dashed(text)
            elif text and not text[0].isdigit():
                parts.append(_part(text))
        return tuple(each for each in parts if each.key)

    def _dashed(self, text: str) -> list[_Part]:
        """Return the parts between dashes, but keep a name that has a dash in it together."""
        pieces = [each for each in _DASHES.split(text) if each]
        found = []
        while pieces:
            joined = ((_part(" ".join(pieces[:end])), end) for end in range(len(pieces), 1, -1))
            part, taken = next(
                (each for each in joined if self._known(each[0])), (_part(pieces[0]), 1)
            )
            found.append(part)
            del pieces[:taken]
        return found

    def _known(self, part: _Part) -> bool:
        return part.key in self._exact or part.key in self.districts | self.provinces

    def _meant(self, part: _Part, *, plain: bool) -> list[_Named]:
        """Return the units of a name; in a text without diacritics only where no other is alike."""
        found = self._exact.get(part.key, [])
        if plain and len({each.key for each in self._loose.get(part.loose, ())}) > 1:
            return []
        same = [each for each in found if each.kind == part.kind]
        return same or found

    def _settled(
        self, found: Sequence[tuple[_Part, list[_Named]]], parts: Sequence[_Part], *, marked: bool
    ) -> Match:
        """Return the match of parts that name communes, with what districts say about them."""
        fitting = []
        gone = {each.key for each in parts} & self._gone
        for part, names in found:
            beside = self._districts_beside(part, parts)
            near = [each for each in names if not each.districts.isdisjoint(beside)]
            if near:
                here = [each for each in near if each.province is None or each.province in gone]
                fitting.append((part, here if gone and here else near))
        if not fitting and self.districts and self._districts_said(parts):
            every = [each for _, names in found for each in names]
            return Match(None, self._shown(every), How.DISTRICT)
        chosen = fitting or found
        named = [each for _, names in chosen for each in names]
        sets = [{code for each in names for code in each.codes} for _, names in chosen]
        # Several parts with a commune's kind (“xã Phú Hội, nay là xã An Phú”) say it together.
        codes = set.intersection(*sets) if marked else set()
        codes = codes or set.union(*sets)
        shown = tuple(each for each in self._shown(named) if each.code in codes)
        if len(codes) == 1:
            how = How.PRESENT if shown[0].through is None else How.FORMER
            return Match(shown[0].code, shown, how)
        split = any(codes.issubset(each.codes) for each in named)
        return Match(None, shown, How.SPLIT if split else How.SEVERAL)

    def _districts_said(self, parts: Iterable[_Part]) -> set[str]:
        """Return the districts written with their kind, known or not.

        A “thành phố” may be a district (Bạc Liêu, in the province of that name) or a province.
        """
        return {
            each.key for each in parts
            if each.kind in DISTRICT_KINDS
            and (each.key in self.districts or each.key not in self.provinces)
        }  # fmt: skip

    def _districts_beside(self, part: _Part, parts: Sequence[_Part]) -> set[str]:
        """Return the districts an address names, those without a kind only after the commune.

        A bare name that a province bears as well may be either, and says nothing.
        """
        after = parts[parts.index(part) + 1 :]
        bare = {each.key for each in after if not each.kind} & (self.districts - self.provinces)
        return self._districts_said(parts) | bare

    def _candidates(self, asked: Sequence[_Part], parts: Sequence[_Part]) -> Match:
        """Return what is meant if diacritics are wrong or missing: never more than candidates."""
        found: list[_Named] = []
        for part in asked:
            beside = {each.loose for each in parts if each is not part}
            alike = self._loose.get(part.loose, [])
            near = [each for each in alike if any(loose_key(d) in beside for d in each.districts)]
            found += near or alike
        return Match(None, self._shown(found), How.SPELLING if found else How.NOTHING)

    def _shown(self, named: Iterable[_Named]) -> tuple[Candidate, ...]:
        """Return each commune once, by code, found by its present name rather than a former one."""
        found: dict[str, Candidate] = {}
        for each in sorted(named, key=lambda each: (each.through is not None, each.through or "")):
            for code in each.codes:
                found.setdefault(code, Candidate(code, self.names[code], each.through))
        return tuple(found[code] for code in sorted(found))


def match_commune(written: str, register: Register, *, former: bool | None = None) -> Match:
    """Return the present commune that a name or an address names.

    `former` says that the text gives names from before the reform (True) or of today
    (False); without it either may be meant, and a name that means different communes as
    one and as the other gives candidates.
    """
    return register.match(written, former)


def _formers(rows: Sequence[FormerCommune]) -> Iterable[_Named]:
    """Return the former communes under their names, each once, with all that took it."""
    taken: dict[str, list[str]] = {}
    for each in rows:
        taken.setdefault(each.code, []).append(each.new_code)
    for each in {row.code: row for row in rows}.values():
        kind, key = kind_and_name(each.full_name)
        through = f"{each.full_name}, {each.district}" if each.district else each.full_name
        lay = frozenset([name_key(each.district)] if each.district else [])
        province = name_key(each.province) if each.province else None
        codes = tuple(dict.fromkeys(taken[each.code]))
        yield _Named(key, kind, codes, lay, through, province)


def _of_time(named: Sequence[_Named], former: bool | None) -> list[_Named]:
    return [each for each in named if former is None or (each.through is not None) == former]


def _among(part: _Part, keys: frozenset[str], *, plain: bool) -> bool:
    if plain:
        return part.loose in {loose_key(each) for each in keys}
    return part.key in keys


# --- the parts of an address --------------------------------------------------------------

_BREAKS = re.compile(r"[,;|()\[\]\t\r\n]+|\s/\s")
_DASHES = re.compile(r"\s[-–—](?:\s|$)|^[-–—]\s")
_LONG = "|".join(sorted([*COMMUNE_KINDS, *DISTRICT_KINDS, PROVINCE_KIND], key=len, reverse=True))
_SHORT = r"(?:tt|tp|tx|đk)[.\s]|[pxqh]\."


def _before_kinds(long: str, first: str) -> re.Pattern[str]:
    """Return the pattern of the gap before a kind that begins a part in the middle of a text."""
    return re.compile(rf"(?<=\S)(?<!{first})\s+(?=(?:(?:{long})\s|{_SHORT})\s*\w)", re.IGNORECASE)


_MARKED_GAPS = _before_kinds(_LONG, "thị")
_PLAIN_GAPS = _before_kinds(search_key(_LONG), "thi")
_PLAIN_KINDS = {search_key(each): each for each in _LONG.split("|")}
_PLAIN_KIND = re.compile(rf"({'|'.join(_PLAIN_KINDS)})\s+(?=\S)", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"(?:tỉnh|huyện|tinh|huyen)\s+(?:lộ|ủy|uỷ|lo|uy)\b|(?:xã hội|xa hoi)$", re.IGNORECASE
)
_NOW = re.compile(r"^(?:nay (?:là|thuộc)|nay la|nay thuoc)\s+", re.IGNORECASE)
_THEN = re.compile(r"\s+(?:cũ|cu)$|^(?:trước đây là|trước là|truoc day la)\s+", re.IGNORECASE)


@lru_cache(maxsize=_CACHED)
def _part(text: str) -> _Part:
    """Return one part of an address: kind, key, and whether it is marked as of then or of now."""
    text, former = clean(text), None
    if _NO_UNIT.match(text):  # a provincial road, a district committee, social insurance
        return _Part("", "", "", None)
    if _NOW.search(text):
        former, text = False, _NOW.sub("", text)
    elif _THEN.search(text):
        former, text = True, _THEN.sub("", text)
    if text.isascii() and (plain := _PLAIN_KIND.match(text)):
        kind, key = _PLAIN_KINDS[plain[1].lower()], name_key(text[plain.end() :])
    else:
        kind, key = kind_and_name(text)
    return _Part(kind, key, loose_key(key), former)
