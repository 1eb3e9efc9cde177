"""What every use case is asked with, and how missing parts of a request are filled in."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import MappingProxyType

from geo.errors import N_
from planning.model.errors import NotFoundError, RequestError
from planning.model.performance import Need
from planning.model.standards import ServiceStandard, TerrainClass
from planning.store import layers
from planning.store.session import Store

DEFAULT_RADIUS_KM = 3.0


@dataclass(frozen=True, slots=True)
class AnalysisRequest:
    """Which province, on which vintage (None: the newest), by which standard, for whom.

    `standard` None is the province's own saved standard, else one radius of 3 km. `plan` is
    the number of the plan meant where one is shown or handed out, None for the newest. `need`
    says who is counted as demand; what is about the network alone leaves it aside.
    """

    province: str
    valid_from: str | None = None
    standard: ServiceStandard | None = None
    plan: int | None = None
    need: Need = Need.EVERYBODY

    @property
    def everybody(self) -> bool:
        """Whether all people are the demand."""
        return self.need is Need.EVERYBODY


def now() -> str:
    """Return the present moment as ISO text in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def standard_of(store: Store, request: AnalysisRequest) -> ServiceStandard:
    """Return the standard that a request is measured by."""
    if request.standard is not None:
        return request.standard
    with store.reading() as db:
        saved = layers.load_standard(db, request.province)
    if not saved:
        return ServiceStandard.one_radius(DEFAULT_RADIUS_KM)
    return ServiceStandard(MappingProxyType({TerrainClass(k): v for k, v in saved.items()}))


def require_day(text: str) -> None:
    """Refuse what is no day written year-month-day."""
    try:
        day: str | None = date.fromisoformat(text).isoformat()
    except ValueError:
        day = None
    if day != text:
        raise RequestError(
            N_("“%(day)s” is no day; write it as year-month-day, such as 2025-07-01."),
            day=text[:40],
        )


def vintage_on(store: Store, province: str, day: str) -> str:
    """Return the first day of the vintage in force on `day`.

    Raises `RequestError` for what is no day and `NotFoundError` where no boundaries of the
    province hold on it.
    """
    require_day(day)
    with store.reading() as db:
        known = layers.vintages(db, province)
    for first, last in reversed(known):
        if first <= day and (last is None or day <= last):
            return first
    raise NotFoundError(
        N_("Province %(province)s has no boundaries in force on %(day)s; it has those of %(days)s."),
        province=province, day=day,
        days=", ".join(f"{first} – {last or '…'}" for first, last in known),
    )  # fmt: skip


def only_province(store: Store, wanted: str | None) -> str:
    """Return the province meant: the one named, or the only real one, or the only one.

    Raises `NotFoundError` when the database holds none and `RequestError` when several
    could be meant.
    """
    with store.reading() as db:
        found = layers.provinces(db)
    codes = [row.code for row in found]
    if wanted is not None:
        if wanted not in codes:
            raise NotFoundError(
                N_("Province %(province)s is not in the database; import its boundaries first."),
                province=wanted,
            )
        return wanted
    if not codes:
        raise NotFoundError(
            N_("The database holds no province yet; import boundaries with “diemthu import "
               "boundaries”, or load the demonstration with “diemthu demo province”.")
        )  # fmt: skip
    real = [row.code for row in found if not row.synthetic]
    if len(real) == 1:
        return str(real[0])
    if len(codes) == 1:
        return str(codes[0])
    raise RequestError(
        N_("The database holds the provinces %(codes)s; say which with --province."),
        codes=", ".join(codes),
    )
