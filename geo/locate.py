"""In which commune a place lies."""

import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike

from geo.tables import Communes, CommuneTable


def commune_of(lon: ArrayLike, lat: ArrayLike, communes: Communes) -> pd.Series:
    """Return the code of the commune each place lies in, missing where it lies in none.

    `lon` and `lat` are degrees, shape (n,); the result has index 0..n-1. A place on a
    shared border belongs to the commune with the lowest code, so nobody is counted twice.
    """
    places = np.asarray(shapely.points(np.asarray(lon, float), np.asarray(lat, float)))
    ordered = communes.sort_values(CommuneTable.code)
    # Polygons ask the tree of places: a query prepares its own geometry, and these are few.
    asked, found = shapely.STRtree(places).query(ordered.geometry.values, predicate="intersects")
    owner = np.full(len(places), -1)
    owner[found[::-1]] = asked[::-1]
    codes = ordered[CommuneTable.code].to_numpy(dtype=object)
    return pd.Series(np.where(owner >= 0, codes[owner], None), dtype="str")
