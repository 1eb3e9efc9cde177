"""The text formats of OR-Library: p-median graphs, p-median in the plane, set covering.

Beasley's notes say how they are meant: edges have no direction and a later one replaces an
earlier one between the same vertices; distances in the plane are cut to whole numbers.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.errors import N_
from geo.findings import Finding, Severity
from planning.model.errors import RequestError
from planning.model.siting import Objective
from planning.siting.instances.asked import Instance, Real, Wanted, Whole, problem_of
from planning.siting.instances.numbers import (
    LARGEST,
    MOST_PAIRS,
    MOST_PLACES,
    Number,
    Problems,
)

Lines = Iterator[list[Number]]

MOST_EDGES = 500_000
MOST_PROBLEMS = 1_000
_VERTEX, _PLANE = N_("two vertices and a length"), N_("a number, x, y and a demand")
_COVER = N_("costs, and of each row the count and the columns")


def read_graph(lines: Lines, problems: Problems, wanted: Wanted) -> Instance:
    """Read a pmed file: every vertex is a place of one person and a site."""
    head = problems.all_whole(
        next(lines), ((1, MOST_PLACES), (0, MOST_EDGES), (1, MOST_PLACES)),
        N_("how many vertices, how many edges and how many points"),
    )  # fmt: skip
    problems.refuse_if_any()
    vertices, edges, points = head or [1, 0, 1]
    length: dict[tuple[int, int], float] = {}
    again = seen = 0
    for line in islice(lines, edges):
        seen += 1
        if not problems.has(line, 3, _VERTEX):
            continue
        one, other = (problems.whole(each, 1, vertices) - 1 for each in line[:2])
        ends = (min(one, other), max(one, other))
        again += ends in length
        length[ends] = problems.real(line[2], 0, LARGEST)
    if seen < edges:
        problems.ends_early(seen, edges, _VERTEX)
    _ends(lines, problems)
    notes = []
    if again:
        notes.append(Finding(
            Severity.CHANGED, "edge-again",
            N_("%(count)s edges stand there more than once; the last of each counts."),
            params={"count": again},
        ))  # fmt: skip
    asked = replace(wanted, points=wanted.points or points)
    problem = problem_of(_shortest(vertices, length), np.ones(vertices, dtype=np.int64), asked)
    return Instance(problems.report.file, "OR-Library pmed", problem, notes=tuple(notes))


def read_plane(lines: Lines, problems: Problems, wanted: Wanted) -> Instance:
    """Read one problem of a pmedcap file: p-median among places of the plane.

    There a customer's demand takes up capacity but does not weigh the distance, which no
    rule of ours says: capacities are left out, so that the best value is at most the best
    stated.
    """
    head = problems.all_whole(next(lines), ((1, MOST_PROBLEMS),), N_("how many problems follow"))
    problems.refuse_if_any()
    count = (head or [1])[0]
    if not 1 <= wanted.number <= count:
        raise RequestError(
            N_("The file holds the problems 1 to %(count)s, not %(number)s."),
            count=count, number=wanted.number,
        )  # fmt: skip
    found: Instance | None = None
    for number in range(1, count + 1):
        one = _plane_problem(lines, problems, wanted)
        problems.refuse_if_any()
        if number == wanted.number:
            found = one
    _ends(lines, problems)
    if found is None:
        raise AssertionError("the number wanted is within those there")
    return found


def read_covering(lines: Lines, problems: Problems, wanted: Wanted) -> Instance:
    """Read a scp file: a row is a place of one person, a column a site that serves rows.

    With all costs one it asks for the fewest sites that serve every row. With other costs it
    asks for the most rows within a budget: every row is served within the best cost known.
    """
    head = problems.all_whole(
        next(lines), ((1, MOST_PLACES), (1, MOST_PAIRS)), N_("how many rows and how many columns")
    )
    problems.refuse_if_any()
    rows, columns = head or [1, 1]
    if rows * columns > MOST_PAIRS:
        raise RequestError(
            N_("%(file)s has %(rows)s rows and %(columns)s columns; at most %(most)s pairs are read."),
            file=problems.report.file, rows=rows, columns=columns, most=MOST_PAIRS,
        )  # fmt: skip
    numbers = (number for line in lines for number in line)
    cost = np.array([problems.whole(each, 0, LARGEST) for each in islice(numbers, columns)])
    if len(cost) < columns:
        problems.ends_early(len(cost), columns, N_("costs"))
        problems.refuse()
    distance = np.full((columns, rows), np.inf)
    for row in range(rows):
        if not _serves(numbers, problems, distance[:, row]):
            problems.ends_early(row, rows, _COVER)
            problems.refuse()
    if (more := next(numbers, None)) is not None:
        problems.goes_on(more)
    problems.refuse_if_any()
    plain = bool((cost == 1).all())
    objective = Objective.FEWEST_POINTS if plain else Objective.MOST_PEOPLE
    asked = replace(wanted, objective=wanted.objective or objective, radius=0.0)
    people = np.ones(rows, dtype=np.int64)
    problem = problem_of(distance, people, asked, None if plain else cost.astype(np.int64))
    return Instance(problems.report.file, "OR-Library scp", problem)


def _serves(numbers: Iterator[Number], problems: Problems, served: Real) -> bool:
    """Mark the columns that serve a row; return whether the file held all of them."""
    first = next(numbers, None)
    if first is None:
        return False
    count = problems.whole(first, 1, len(served))
    problems.refuse_if_any()  # what follows a wrong count means nothing
    found = [problems.whole(each, 1, len(served)) - 1 for each in islice(numbers, count)]
    served[found] = 0.0
    return len(found) == count


def _plane_problem(lines: Lines, problems: Problems, wanted: Wanted) -> Instance:
    title, sizes = next(lines, None), next(lines, None)
    if title is None or sizes is None:
        problems.ends_early(0, 1, _PLANE)
        problems.refuse()
    problems.has(title, 2, N_("the problem's number and its best value"))
    head = problems.all_whole(
        sizes, ((1, MOST_PLACES), (1, MOST_PLACES), (0, LARGEST)),
        N_("how many places, how many points and the capacity"),
    )  # fmt: skip
    problems.refuse_if_any()
    best = problems.real(title[1], 0, LARGEST)
    places, points, _ = head or [1, 1, 0]
    at = []
    seen = 0
    for line in islice(lines, places):
        seen += 1
        if problems.has(line, 4, _PLANE):
            at.append([problems.real(each, -LARGEST, LARGEST) for each in line[1:3]])
            problems.real(line[3], 0, LARGEST)
    if seen < places:
        problems.ends_early(seen, places, _PLANE)
    problems.refuse_if_any()
    xy = np.array(at)
    distance = np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
    asked = replace(wanted, points=wanted.points or points)
    ones: Whole = np.ones(len(xy), dtype=np.int64)
    note = Finding(
        Severity.CHANGED, "capacity",
        N_("Capacities are left out: the best value is at most the one the file states."),
    )  # fmt: skip
    name = f"{problems.report.file} {title[0].text}"
    return Instance(name, "OR-Library pmedcap", problem_of(distance, ones, asked), best, (note,))


def _ends(lines: Lines, problems: Problems) -> None:
    """Refuse a file that goes on too long, or had anything wrong before."""
    if (more := next(lines, None)) is not None:
        problems.goes_on(more[0])
    problems.refuse_if_any()


def _shortest(vertices: int, length: dict[tuple[int, int], float]) -> Real:
    ends = np.array(list(length), dtype=np.int64).reshape(-1, 2)
    graph = csr_array(
        (np.array(list(length.values()), dtype=np.float64), (ends[:, 0], ends[:, 1])),
        shape=(vertices, vertices),
    )
    return np.asarray(dijkstra(graph, directed=False))
