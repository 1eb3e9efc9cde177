"""In which class a measure of a commune falls, and its colour: the same on every map.

Lightness falls from class to class, so that the order is read with every colour vision.
`map/signs.js` draws the same classes in the same colours.
"""

from bisect import bisect_right
from dataclasses import dataclass

SERVED = ("#fcebb6", "#cde3a9", "#93cdae", "#59b0aa", "#2b8591")
BURDEN = ("#eef2f7", "#c8d6e6", "#97b1cf", "#6084af", "#34567f")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a map of communes shows: the field of their coverage, class breaks, colours.

    A value belongs to the highest class whose lower end it has reached; `breaks` are the lower
    ends of all classes but the first, in the unit of the field: shares in 0..1, people, metres,
    points.
    """

    name: str
    field: str
    breaks: tuple[float, ...]
    colours: tuple[str, ...]

    def class_of(self, value: float | None) -> int | None:
        """Return the class of a value from 0 up, None for no data: no data is not zero."""
        return None if value is None else bisect_right(self.breaks, value)


SHARE = Measure("share", "share_covered", (0.5, 0.7, 0.85, 0.95), SERVED)
LOAD = Measure("load", "people_per_point", (1500, 2500, 4000, 6000), BURDEN)
DISTANCE = Measure("distance", "mean_distance_m", (1000, 2000, 3000, 5000), BURDEN)
POINTS = Measure("points", "points_direct", (1, 3, 6, 10), SERVED)
# The surface reaches farther than the mean of any commune.
SURFACE = Measure(
    "surface", "", (1000, 2000, 3000, 5000, 10000),
    ("#fff7d6", "#f6d98c", "#eaaa52", "#cf7136", "#97401f", "#541d12"),
)  # fmt: skip
MEASURES = {each.name: each for each in (SHARE, SURFACE, DISTANCE, LOAD, POINTS)}
