"""Sets of sites of which any two stand too close together."""

import numpy as np
from numba import njit


@njit(cache=True)
def cliques(first, near, often):
    """Return cliques of a symmetric neighbour list as (first, members ascending).

    Each site that has neighbours lies in at least `often` of them, as far as its neighbours
    allow: greedy, sites in the fewest cliques so far before others.
    """
    count = len(first) - 1
    seen, hits = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    starts = [0]
    members = [np.int64(0) for _ in range(0)]
    for site in range(count):
        while seen[site] < often and first[site + 1] > first[site]:
            begin = len(members)
            members.append(site)
            for k in range(first[site], first[site + 1]):
                hits[near[k]] += 1
            for late in range(often + 1):
                for k in range(first[site], first[site + 1]):
                    other = near[k]
                    if hits[other] != len(members) - begin or min(seen[other], often) != late:
                        continue
                    hits[other] = -count  # taken: never again for this one
                    members.append(other)
                    for q in range(first[other], first[other + 1]):
                        hits[near[q]] += 1
            for k in range(begin, len(members)):
                one = members[k]
                seen[one] += 1
                for q in range(first[one], first[one + 1]):
                    hits[near[q]] = 0
                hits[one] = 0
            starts.append(len(members))
    out = np.empty(len(members), dtype=np.int64)
    for k in range(len(members)):
        out[k] = members[k]
    bounds = np.array(starts)
    for c in range(len(bounds) - 1):
        out[bounds[c] : bounds[c + 1]].sort()
    return bounds, out
