"""The coordinate systems we use and the only functions that change between them.

Stored and exchanged: WGS 84 longitude and latitude in degrees. Measured: metres in the
VN-2000 TM-3 zone (central meridian every 15 or 30 minutes, scale 0.9999) nearest to the
middle of the province, chosen once per province. Within 1.5 degrees of the meridian a
distance in such a zone differs from the geodesic by less than 0.03 %.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, cast

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.enums import TransformDirection
from pyproj.transformer import TransformerGroup

from geo.errors import WrongCrsError

DEGREES = CRS.from_epsg(4326)

# EPSG codes of the VN-2000 TM-3 zones by central meridian in degrees.
TM3_ZONES = {
    102.0: 5896, 103.0: 9205, 104.0: 9206, 104.5: 9207, 104.75: 9208, 105.0: 5897,
    105.5: 9209, 105.75: 9210, 106.0: 9211, 106.25: 9212, 106.5: 9213, 107.0: 9214,
    107.25: 9215, 107.5: 9216, 107.75: 5899, 108.0: 5898, 108.25: 9217, 108.5: 9218,
}  # fmt: skip

_BACK = TransformDirection.INVERSE
VIETNAM_LON = (102.0, 118.0)
VIETNAM_LAT = (6.0, 24.0)


def metric_crs(lon: ArrayLike) -> CRS:
    """Return the VN-2000 TM-3 zone for places at longitudes `lon` (degrees).

    The zone is the one whose central meridian is nearest to the middle between the
    westernmost and the easternmost place, so that the largest error is smallest.
    """
    lon = np.asarray(lon, dtype=float)
    middle = (float(lon.min()) + float(lon.max())) / 2
    meridian = min(TM3_ZONES, key=lambda each: (abs(each - middle), each))
    return CRS.from_epsg(TM3_ZONES[meridian])


@cache
def _way(crs: CRS) -> Transformer:
    """Return the one way from degrees to metres of `crs`, the same at every place.

    PROJ knows several ways between WGS 84 and VN-2000, up to 0.7 m apart, and by itself
    changes from one to the other at a meridian that runs through An Giang.
    """
    best = TransformerGroup(DEGREES, crs, always_xy=True).transformers[0]
    return Transformer.from_pipeline(best.definition)


def in_metres(lon: ArrayLike, lat: ArrayLike, crs: CRS) -> NDArray[np.float64]:
    """Return places given in degrees as metres in `crs`: shape (n, 2), east and north."""
    require_metric(crs)
    x, y = _way(crs).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.column_stack([np.atleast_1d(x), np.atleast_1d(y)])


def in_degrees(xy: NDArray[np.float64], crs: CRS) -> NDArray[np.float64]:
    """Return places given in metres of `crs`, shape (n, 2), as degrees: lon and lat."""
    require_metric(crs)
    lon, lat = _way(crs).transform(xy[:, 0], xy[:, 1], direction=_BACK)
    return np.column_stack([lon, lat])


def shapes_in_metres(shapes: ArrayLike, crs: CRS) -> NDArray[Any]:
    """Return shapely geometries given in degrees as geometries in metres of `crs`."""
    require_metric(crs)
    transform = _way(crs).transform
    return _moved(shapes, transform)


def shapes_in_degrees(shapes: ArrayLike, crs: CRS) -> NDArray[Any]:
    """Return shapely geometries given in metres of `crs` as geometries in degrees."""
    require_metric(crs)
    transform = partial(_way(crs).transform, direction=_BACK)
    return _moved(shapes, transform)


def _moved(shapes: ArrayLike, move: Callable[..., Any]) -> NDArray[Any]:
    """Return geometries with every corner moved; `move` takes and gives east and north apart."""
    # Shapely's stub knows only corners that are not apart.
    apart = cast("Callable[[NDArray[np.float64]], NDArray[np.float64]]", move)
    return shapely.transform(np.asarray(shapes, object), apart, interleaved=False)


def require_metric(crs: CRS | None) -> None:
    """Refuse a coordinate system that does not measure in metres on a fair scale.

    Raises `WrongCrsError` for degrees, for none at all and for Web Mercator, whose
    metres are up to 9 % too long in Viet Nam.
    """
    if crs is None or not crs.is_projected or crs.to_epsg() == 3857:
        raise WrongCrsError(
            "Distances need a metric coordinate system, not %(crs)s; use geo.crs.metric_crs().",
            crs=crs.to_string() if crs is not None else "none",
        )


def require_degrees(frame: gpd.GeoDataFrame) -> None:
    """Refuse a frame whose shapes are not in WGS 84 degrees."""
    if frame.crs is None or not frame.crs.equals(DEGREES, ignore_axis_order=True):
        raise WrongCrsError(
            "Stored shapes are in WGS 84 degrees, these are in %(crs)s.", crs=str(frame.crs)
        )
