"""How many people points with limited room can serve: a maximum flow, for the recount."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from planning.siting.plans.recount import Ground

Whole = NDArray[np.int64]


def served_with_room(
    ground: Ground, places: NDArray[np.float64], room: Whole, among: Whole | None = None
) -> int:
    """Return how many people points at `places` (lon, lat) can serve within the radius.

    `room` is how many each point can serve; `among` counts only the people of these homes.
    Homes that reach the same points are one node. Whoever lives exactly at the radius counts.
    """
    if not len(places):
        return 0
    near = np.column_stack([ground.near(ground.metres(lon, lat))[1] for lon, lat in places])
    people = ground.people if among is None else ground.people * among
    groups: dict[bytes, int] = {}
    for row, count in zip(np.packbits(near, axis=1), people, strict=True):
        key = row.tobytes()
        groups[key] = groups.get(key, 0) + int(count)
    packed = np.array([np.frombuffer(key, dtype=np.uint8) for key in groups])
    kind, point = np.nonzero(np.unpackbits(packed, axis=1, count=len(places)))
    # Nodes: everybody, the groups, the points, served.
    first, last = 1, 1 + len(groups)
    end = last + len(places)
    tails = np.concatenate(
        [np.zeros(len(groups), int), kind + first, np.arange(len(places)) + last]
    )
    heads = np.concatenate(
        [np.arange(len(groups)) + first, point + last, np.full(len(places), end)]
    )
    sizes = np.array(list(groups.values()))
    most = np.concatenate([sizes, sizes[kind], np.minimum(room, people.sum())])
    net = csr_array((most.astype(np.int32), (tails, heads)), shape=(end + 1, end + 1))
    return int(maximum_flow(net, 0, end).flow_value)
