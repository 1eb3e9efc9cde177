"""How the distances to the nearest point are spread over the people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DistanceClass:
    """People whose nearest open direct point is at least `from_km` and less than `to_km` away.

    `to_km` None: there is no upper end. `share` is of all people, in 0..1.
    """

    from_km: float
    to_km: float | None
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class Distribution:
    """Distances of all people in equal classes, and their Lorenz curve.

    A corner of `lorenz` is (share of people, the nearest first; share of all distance that
    they bear), from (0, 0) to (1, 1), hundredths of the people apart. `gini` is exact: it is
    summed up over every place, not over these corners. Without people or an open point, or
    where all distances are zero, `classes` or `lorenz` are empty.
    """

    people: int
    classes: tuple[DistanceClass, ...]
    lorenz: tuple[tuple[float, float], ...]
    gini: float | None
