"""The key figures of a network: what a planner compares from one state of the data to the next."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures of the one-page review of a province.

    Points are open ones. `signed` and `permanent` count direct points with a signboard and with
    permanent staff, out of the `sign_known` and `permanent_known` points of which that is known.
    `former` counts former communes, None where they are not known; `people` are those of known
    population. `mean_radius_km` and `people_per_point` are None without a direct point.
    """

    points_direct: int
    points_online: int
    signed: int
    sign_known: int
    permanent: int
    permanent_known: int
    communes: int
    communes_with_point: int
    former: int | None
    former_with_point: int | None
    mean_radius_km: float | None
    people_per_point: float | None
    people: int
    people_served: int

    @property
    def share_signed(self) -> float | None:
        """Signed points as a share of those of which it is known."""
        return share(self.signed, self.sign_known)

    @property
    def share_permanent(self) -> float | None:
        """Points with permanent staff as a share of those of which it is known."""
        return share(self.permanent, self.permanent_known)

    @property
    def share_communes(self) -> float | None:
        """Communes with a direct point as a share of all."""
        return share(self.communes_with_point, self.communes)

    @property
    def share_former(self) -> float | None:
        """Former communes with a direct point as a share of all, None where not known."""
        return share(self.former_with_point, self.former)

    @property
    def people_beyond(self) -> int:
        """People farther from a direct point than the standard."""
        return self.people - self.people_served

    @property
    def share_beyond(self) -> float | None:
        """People beyond the standard as a share of all."""
        return share(self.people_beyond, self.people)

    @property
    def share_served(self) -> float | None:
        """People within the standard as a share of all."""
        return share(self.people_served, self.people)

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class EarlierFigures:
    """Figures of the data that stood before: `data_date` is the day those describe."""

    figures: KeyFigures
    data_date: str | None


def share(part: int | None, whole: int | None) -> float | None:
    """Return `part` of `whole` in 0..1, None where either is unknown or the whole is nothing."""
    return None if part is None or not whole else part / whole
