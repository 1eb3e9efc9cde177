"""Published instances and plain tables as a `SitingProblem`: `read_instance`.

| file | read as |
|---|---|
| OR-Library pmed: `n edges p`, then `vertex vertex length` | p-median on the shortest paths |
| OR-Library pmedcap: problems of `n p Q`, then `number x y demand` | p-median, distances cut to whole numbers |
| OR-Library scp: `rows columns`, costs, then the columns of each row | fewest points, or most rows within a budget |
| CSV: place, weight, one column of distances per site | what is asked for |
"""

from planning.siting.instances.asked import Instance, Wanted
from planning.siting.instances.opened import read_instance

__all__ = ["Instance", "Wanted", "read_instance"]
