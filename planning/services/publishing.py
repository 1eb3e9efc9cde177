"""The public lists: looked at before, published by a document, withdrawn; frozen in between."""

import hashlib
from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from geo.errors import N_
from geo.names import sort_key
from planning.exports import published
from planning.maps.published import drawn
from planning.model.days import today
from planning.model.errors import NotFoundError, RequestError
from planning.model.official_code import parse
from planning.model.people import Action, Thing, User, require
from planning.model.proposals import MOST_LINE, fits
from planning.model.publishing import (
    Act,
    Difference,
    Lists,
    Publication,
    PublicOrganisation,
    PublicPoint,
    PublicStaff,
    Unnamed,
    differences,
    naming,
    publishable_code,
    publishable_organisation,
    without_numbers,
)
from planning.services.requests import now, require_day
from planning.store import audit, imports, layers, publications
from planning.store.publications import Collector, PublicationHead
from planning.store.session import Store

NO_PUBLICATION = N_("There is no publication number %(code)s in this province.")
NO_FILE = N_("A publication has no file “%(name)s”.")
NO_DOCUMENT = N_("Write the number of the document by which the lists are published, at most %(most)s characters.")  # fmt: skip
TO_COME = N_("The day %(day)s is still to come; lists are published from the day of their document.")  # fmt: skip
NOTHING_THERE = N_("There is nothing to publish: this province has no open or suspended point.")
CHANGED = N_("The register, or what is published, was changed since this page was opened; look at the changes below and publish again.")  # fmt: skip
WITHDRAWN = N_("Publication number %(code)s is not in force: it was withdrawn, or a newer one took its place.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept back of the register, so that whoever publishes can look after it.

    `codes`: staff whose code may be a number of the person; `texts`: points with a number
    taken out of name, address, hours or the name of their organisation; `organisations`: those
    with one taken out of name, address or area, or of their name in the list of staff; `people`:
    published names of staff that held a number; `named`: points whose name or address holds the
    whole name of a member of staff, while names are not published.
    """

    codes: int
    texts: tuple[str, ...]
    named: tuple[str, ...]
    organisations: tuple[str, ...] = ()
    people: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be published now, and how it differs from what was published last.

    `seen` changes with all of that: who publishes says what they looked at.
    """

    lists: Lists
    changes: dict[str, Difference]
    held: Held
    last: PublicationHead | None
    seen: str


def listed(store: Store, user: User, province: str) -> list[PublicationHead]:
    """Return the publications of a province, newest first."""
    require(user, Action.SEE_REGISTER, Thing(province))
    with store.reading() as db:
        return publications.listed(db, province)


def preview(store: Store, user: User, province: str, *, names: bool) -> Preview:
    """Return what would be published; with `names` staff are published by name."""
    require(user, Action.PUBLISH_LISTS, Thing(province))
    with store.reading() as db:
        return _preview(store, db, province, names=names)


def publish(store: Store, user: User, province: str, act: Act, seen: str) -> PublicationHead:
    """Freeze the lists as they are and show them to everybody; `seen` is that of a preview.

    Raises `RequestError` where the register was changed since, and for a day to come.
    """
    require(user, Action.PUBLISH_LISTS, Thing(province))
    act = Act(" ".join(act.document.split()), act.day, act.names)
    if not act.document or not fits(act.document, MOST_LINE):
        raise RequestError(NO_DOCUMENT, most=MOST_LINE)
    require_day(act.day)
    if act.day > today():
        raise RequestError(TO_COME, day=act.day)
    at = now()
    with store.writing() as db:
        found = _preview(store, db, province, names=act.names)
        if found.seen != seen:
            raise RequestError(CHANGED)
        if not found.lists.points:
            raise RequestError(NOTHING_THERE)
        head = publications.insert(db, _frozen(db, province, act, found.lists), by=user.name, at=at)
        audit.record(
            db, "register:lists:published", province, at=at, actor=user.name, publication=head.id,
            document=act.document, day=act.day, sha256=head.sha256, names=act.names,
            organisations=len(found.lists.organisations), points=len(found.lists.points),
            staff=found.lists.people,
        )  # fmt: skip
    return head


def withdraw(store: Store, user: User, province: str, number: int) -> None:
    """Show the publication in force to nobody any more; what was before it does not come back."""
    require(user, Action.PUBLISH_LISTS, Thing(province))
    at = now()
    with store.writing() as db:
        head = publications.newest(db, province)
        _one(db, province, number)
        if head is None or head.id != number or head.withdrawn_at:
            raise RequestError(WITHDRAWN, code=number)
        publications.withdraw(db, number, at=at)
        audit.record(db, "register:lists:withdrawn", province, at=at, actor=user.name,
                     publication=number, document=head.document, day=head.day)  # fmt: skip


def file_kept(
    store: Store, user: User, province: str, number: int, name: str
) -> tuple[PublicationHead, bytes]:
    """Return a file of any publication of a province, also of one that is not in force any more.

    A list that names people and is no longer public is taken by who may see people, and that
    they took it is an event.
    """
    require(user, Action.PUBLISH_LISTS, Thing(province))
    if name not in published.file_names():
        raise NotFoundError(NO_FILE, name=name[:40])
    with store.reading() as db:
        head = _one(db, province, number)
        body = publications.body(db, number)
    publication = publications.read(body)
    if publication.act.names and (name.startswith("staff.") or name == published.WHOLE):
        require(user, Action.SEE_PEOPLE, Thing(province))
        with store.writing() as db:
            audit.record(db, "people:publication:taken", province, at=now(), actor=user.name,
                         publication=number, file=name)  # fmt: skip
    made = body if name == published.WHOLE else published.file_of(publication, head.sha256, name)
    return head, made


def _one(db: sa.Connection, province: str, number: int) -> PublicationHead:
    for each in publications.listed(db, province):
        if each.id == number:
            return each
    raise NotFoundError(NO_PUBLICATION, code=number)


# --- from the register to the lists -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the register has that may be published, as it is kept."""

    organisations: list[sa.Row]
    points: list[sa.Row]
    staff: list[Collector]
    communes: dict[str, str]

    @property
    def state(self) -> int:
        """What changes, within a process, with anything that the lists are made of."""
        parts = (self.organisations, self.points, self.staff, self.communes.items())
        return hash(tuple(tuple(map(tuple, each)) for each in parts))


@dataclass(frozen=True, slots=True)
class _Made:
    lists: Lists
    held: Held
    hash: str


def _preview(store: Store, db: sa.Connection, province: str, *, names: bool) -> Preview:
    last = publications.newest(db, province)
    rows = _Rows(publications.organisations(db, province), publications.points(db, province),
                 publications.staff(db, province), publications.commune_names(db, province))  # fmt: skip
    key = ("to be published", province, names, rows.state)
    made = store.remembered(key, lambda: _made(rows, names=names))
    before = None if last is None else _before(store, db, last)
    told = f"{last.id if last else 0}|{last.withdrawn_at if last else ''}|{made.hash}"
    seen = hashlib.sha256(told.encode()).hexdigest()
    return Preview(made.lists, differences(before, made.lists), made.held, last, seen)


def _before(store: Store, db: sa.Connection, last: PublicationHead) -> Lists:
    key = ("published before", last.id, last.sha256)
    return store.remembered(key, lambda: publications.read(publications.body(db, last.id)).lists)


def _made(rows: _Rows, *, names: bool) -> _Made:
    organisations, shortened = _organisations(rows.organisations)
    called = {each.code: each.name for each in organisations}
    points, cut = _points(rows.points, rows.communes, called)
    staff, unnamed, hidden = _staff(rows.staff, organisations, names=names)
    shortened |= {without_numbers(each) for row in rows.staff
                  if (each := row.organisation or "") != without_numbers(each)}  # fmt: skip
    people = sum(row.name != without_numbers(row.name) for row in rows.staff) if names else 0
    texts = [f"{each.name} {each.address}" for each in points]
    named = [] if names else list(naming(texts, [row.name for row in rows.staff]))
    held = Held(hidden, cut, tuple(points[at].name for at in named),
                tuple(sorted(shortened, key=sort_key)), people)  # fmt: skip
    lists = Lists(organisations, points, staff, unnamed)
    return _Made(lists, held, hashlib.sha256(repr(lists).encode()).hexdigest())


def _organisations(given: list[sa.Row]) -> tuple[tuple[PublicOrganisation, ...], set[str]]:
    """Return the organisations by name, and those of which a number was taken out."""
    found, cut = [], set()
    for row in given:
        texts = (row.name, row.address or "", row.area or "")
        clean = [without_numbers(each) for each in texts]
        if clean != list(texts):
            cut.add(clean[0])
        found.append(PublicOrganisation(publishable_organisation(row.organisation_code), *clean))
    return tuple(sorted(found, key=lambda each: sort_key(each.name))), cut


def _points(
    given: list[sa.Row], communes: dict[str, str], called: dict[str, str]
) -> tuple[tuple[PublicPoint, ...], tuple[str, ...]]:
    """Return the points, by commune and name, and those of which a number was taken out."""
    found, cut = [], []
    for row in given:
        code, whose = row.official_code or "", row.organisation_code or ""
        commune = row.commune_code or row.written_code or ""
        texts = (row.name, row.address or "", row.organisation or "", row.opening_hours or "")
        clean = [without_numbers(each) for each in texts[:-1]]
        clean.append(without_numbers(texts[-1], hours=True))
        if clean != list(texts):
            cut.append(clean[0])
        found.append(
            PublicPoint(
                code=code if parse(code) else publishable_code(code, ()), name=clean[0],
                kind=row.kind, status=row.status, address=clean[1], commune_code=commune,
                commune=communes.get(commune, ""),
                organisation_code=publishable_organisation(whose),
                organisation=clean[2] or called.get(whose, ""), opening_hours=clean[3],
                lon=round(row.lon, 6), lat=round(row.lat, 6),
            )
        )  # fmt: skip
    keys = {each: sort_key(each) for point in found for each in (point.commune, point.name)}
    found.sort(key=lambda each: (not each.commune, keys[each.commune], keys[each.name], each.code))
    return tuple(found), tuple(cut)


def _staff(
    rows: list[Collector], organisations: tuple[PublicOrganisation, ...], *, names: bool
) -> tuple[tuple[PublicStaff, ...], tuple[Unnamed, ...], int]:
    """Return who is published, how many are counted only, and how many codes are kept back."""
    called = {each.code: each.name for each in organisations}
    coded = {each.name: each.code for each in organisations}
    found: list[PublicStaff] = []
    counted: Counter[tuple[str, str]] = Counter()
    hidden = 0
    for row in rows:
        code = publishable_code(row.staff_id, row.secrets)
        hidden += not code
        name = without_numbers(row.organisation or "")
        whose = publishable_organisation(row.organisation_code or coded.get(name, ""))
        name = name or called.get(whose, "")
        if code or names:
            found.append(PublicStaff(whose, name, code, without_numbers(row.name) if names else ""))
        else:
            counted[whose, name] += 1
    keys = {each: sort_key(each) for row in found for each in (row.organisation, row.name)}
    found.sort(key=lambda each: (keys[each.organisation], keys[each.name], each.code))
    unnamed = [Unnamed(*whose, people) for whose, people in counted.items()]
    unnamed.sort(key=lambda each: (sort_key(each.organisation), each.organisation_code))
    return tuple(found), tuple(unnamed), hidden


def _frozen(db: sa.Connection, province: str, act: Act, lists: Lists) -> Publication:
    row = next(each for each in layers.provinces(db) if each.code == province)
    found = imports.batches(db, province)
    vintage = layers.vintages(db, province)[-1][0]
    return Publication(
        province, str(row.name), bool(row.synthetic or imports.any_synthetic(found, vintage)),
        imports.data_date(found) or act.day, act, lists,
        drawn(layers.load_communes(db, province, vintage), lists.points),
    )  # fmt: skip
