"""The cases of `diemthu bench siting`: what is asked, of what size, and what is aimed at."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import numpy as np

from planning.benchmarks.synthetic import (
    COUNTRY,
    UNIFORM,
    Size,
    clashes,
    commune_rows,
    problem_on,
    synthetic,
)
from planning.model.siting import Objective
from planning.siting.effort import Effort
from planning.siting.problem import SitingProblem
from planning.siting.rules import Rules

PROVINCE = Size(200_000, 10_000)


class Measure(StrEnum):
    """What is timed."""

    PLAN = "plan"
    FRONTIER = "frontier"
    WHAT_IF = "what-if"
    GROWTH = "growth"


@dataclass(frozen=True)
class Aim:
    """What a case should reach; None where nothing is aimed at."""

    gap_percent: float | None = None
    mean_gap_percent: float | None = None
    cpu_s: float | None = None
    peak_gb: float | None = None
    ratio: float | None = None


@dataclass(frozen=True)
class Case:
    """One case: `build` states it on land of a size, or on the database of the real files."""

    name: str
    title: str
    aim: Aim = field(default_factory=Aim)
    size: Size = PROVINCE
    build: Callable[[Size], SitingProblem] | None = None
    real: Callable[[Path], SitingProblem] | None = None
    effort: Effort = Effort.NORMAL
    measure: Measure = Measure.PLAN
    peer: bool = False
    quick: bool = False

    def problem(self, database: Path | None) -> SitingProblem:
        """Return the question in full size."""
        if self.real is not None and database is not None:
            return self.real(database)
        if self.build is None:
            raise ValueError(f"{self.name} needs the real files")
        return self.build(self.size)

    def tiny(self) -> SitingProblem:
        """Return the same question on a little land, to compile what is not compiled yet."""
        build = self.build or covering(3_000.0, 10)
        ground = replace(self.size, places=4_000, sites=400, existing=min(self.size.existing, 20))
        return build(ground)


def covering(radius_m: float, points: int) -> Callable[[Size], SitingProblem]:
    """Return the question for the most people within a radius."""
    return lambda size: problem_on(synthetic(size), radius_m, points)


def fewest(percent: int) -> Callable[[Size], SitingProblem]:
    """Return the question for the fewest points that serve so many per cent within 6 km."""

    def build(size: Size) -> SitingProblem:
        problem = problem_on(synthetic(size), 6_000.0, size.sites, Objective.FEWEST_POINTS)
        return replace(problem, target=-(-int(problem.people.sum()) * percent // 100))

    return build


def with_rules(size: Size) -> SitingProblem:
    """Return the question with one to four points per commune and 5 km between points."""
    land = synthetic(size)
    rows = commune_rows(land.communes(), 1, 4)
    apart = clashes(land.site, 5_000.0)
    problem = problem_on(land, 6_000.0, 150)
    return replace(problem, rules=Rules(len(land.site), 150, rows, clashes=apart))


def set_covering(size: Size) -> SitingProblem:
    """Return the question for the fewest points that serve whoever can be served within 6 km."""
    problem = problem_on(synthetic(size), 6_000.0, size.sites, Objective.FEWEST_POINTS)
    reached = np.zeros(len(problem.people), dtype=bool)
    for site in range(size.sites):
        reached |= problem.distances.of(site) <= problem.radius_m
    return replace(problem, target=int(problem.people[reached].sum()))


def distance(objective: Objective, points: int) -> Callable[[Size], SitingProblem]:
    """Return the question for the shortest mean or worst distance."""
    return lambda size: problem_on(synthetic(size), 6_000.0, points, objective)


def of_province(code: str, points: int, *, each_unit: bool) -> Callable[[Path], SitingProblem]:
    """Return the question on real ground."""

    def build(database: Path) -> SitingProblem:
        from planning.benchmarks.real_siting import real_problem  # noqa: PLC0415 - heavy, only when needed

        return real_problem(database, code, points, each_unit=each_unit)

    return build


def _real_plans() -> tuple[Case, ...]:
    """Return the plans for the real provinces, with and without one per former commune."""
    return tuple(
        Case(
            f"{name}-{points}{'-units' if each_unit else ''}",
            f"real {title}, {points} points"
            + (", one in each of the emptiest former communes" if each_unit else ""),
            real=of_province(code, points, each_unit=each_unit),
        )
        for code, name, title in (("91", "an-giang", "An Giang"), ("40", "nghe-an", "Nghệ An"))
        for points in (10, 40, 100)
        for each_unit in (False, True)
    )


CASES = (
    Case("province-real", "real Nghệ An, every populated cell, its network, 40 points, 3 km",
         Aim(0.1, cpu_s=3.0), real=of_province("40", 40, each_unit=False)),
    Case("expansion", "300 existing, 100 new, 3 km", Aim(0.05, cpu_s=1.5),
         replace(PROVINCE, existing=300), covering(3_000.0, 100), quick=True),
    Case("province", "none existing, 100 points, 6 km", Aim(1.0, cpu_s=5.0),
         build=covering(6_000.0, 100), quick=True),
    Case("province-thorough", "none existing, 100 points, 6 km", Aim(0.6, cpu_s=60.0, peak_gb=0.4),
         build=covering(6_000.0, 100), effort=Effort.THOROUGH),
    Case("uniform", "people spread evenly, 100 points, 6 km",
         size=replace(PROVINCE, ground=UNIFORM), build=covering(6_000.0, 100)),
    Case("large", "none existing, 100 points, 6 km", Aim(1.0, cpu_s=25.0, peak_gb=0.6),
         Size(400_000, 20_000), covering(6_000.0, 100)),
    Case("country", "the country, 1,000 points, 6 km", Aim(1.0, cpu_s=40.0, peak_gb=1.5),
         Size(10_000_000, 100_000, ground=COUNTRY), covering(6_000.0, 1_000)),
    Case("country-thorough", "the country, 1,000 points, 6 km",
         Aim(0.4, cpu_s=100.0, peak_gb=1.5), Size(10_000_000, 100_000, ground=COUNTRY),
         covering(6_000.0, 1_000), effort=Effort.THOROUGH),
    Case("spopt-4k", "against spopt, 20 points, 6 km", size=Size(4_000, 400),
         build=covering(6_000.0, 20), peer=True, quick=True),
    Case("spopt-8k", "against spopt, 30 points, 6 km", Aim(ratio=300.0), Size(8_000, 800),
         covering(6_000.0, 30), peer=True),
    Case("spopt-16k", "against spopt, 50 points, 6 km", Aim(ratio=700.0), Size(16_000, 1_600),
         covering(6_000.0, 50), peer=True),
    Case("spopt-fewest", "against spopt, fewest points for everybody, 6 km",
         size=Size(4_000, 400), build=set_covering, peer=True),
    Case("spopt-mean", "against spopt, shortest mean distance, 10 points", size=Size(1_000, 100),
         build=distance(Objective.MEAN_DISTANCE, 10), peer=True),
    Case("spopt-worst", "against spopt, shortest worst distance, 10 points", size=Size(500, 50),
         build=distance(Objective.WORST_DISTANCE, 10), peer=True),
    Case("frontier", "every number of points from 1 to 200, 300 existing, 3 km",
         Aim(1.0, 0.3, cpu_s=5.0), replace(PROVINCE, existing=300), covering(3_000.0, 200),
         measure=Measure.FRONTIER, quick=True),
    Case("rules", "1 to 4 per commune, 5 km apart, 150 points, 6 km", Aim(1.2, cpu_s=10.0),
         build=with_rules, quick=True),
    Case("certificate", "20 points, 6 km", Aim(0.01, cpu_s=60.0), build=covering(6_000.0, 20),
         effort=Effort.THOROUGH),
    Case("fewest-80", "fewest points for 80 % of people, 6 km", Aim(0.0, cpu_s=15.0),
         build=fewest(80)),
    Case("fewest-90", "fewest points for 90 % of people, 6 km", Aim(3.0, cpu_s=15.0),
         build=fewest(90)),
    Case("fewest-95", "fewest points for 95 % of people, 6 km", Aim(4.0, cpu_s=15.0),
         build=fewest(95)),
    Case("p-median", "shortest mean distance, 100 points", Aim(0.6, cpu_s=30.0, peak_gb=1.0),
         build=distance(Objective.MEAN_DISTANCE, 100)),
    Case("what-if", "one site added, moved, closed in real Nghệ An", Aim(cpu_s=0.05),
         real=of_province("40", 40, each_unit=False), measure=Measure.WHAT_IF),
    *_real_plans(),
    Case("growth", "how seconds grow with size, 100 points, 6 km", build=covering(6_000.0, 100),
         measure=Measure.GROWTH),
)  # fmt: skip

BY_NAME = {each.name: each for each in CASES}

GROWTH_PLACES = tuple(
    Size(places, 10_000) for places in (25_000, 50_000, 100_000, 200_000, 400_000)
)
GROWTH_SITES = tuple(Size(200_000, sites) for sites in (2_500, 5_000, 10_000, 20_000))
