"""The siting benchmark measures what it says: on little land, with a solver that is at hand."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.spatial import KDTree
from scipy.spatial.distance import cdist

from planning.benchmarks import measured, synthetic
from planning.benchmarks.clustered import shares_of_bound
from planning.benchmarks.measured import Measured, measure, require_right, timed
from planning.benchmarks.peers import can_state, solve_by_spopt
from planning.benchmarks.published import PublishedBench
from planning.benchmarks.recount import gap_percent, nearest_m, worth
from planning.benchmarks.siting import Asked, SitingBench, checks, power, ratio
from planning.benchmarks.siting_cases import BY_NAME, CASES, Aim, Case, Measure, covering, fewest
from planning.benchmarks.synthetic import Size, clashes, commune_rows, problem_on
from planning.cli.commands import cli
from planning.model.errors import RequestError
from planning.model.siting import Objective
from planning.siting.distances import TableDistances
from planning.siting.effort import Effort
from planning.siting.instances import Wanted
from planning.siting.problem import Answer, FadeStep, SitingProblem
from planning.siting.rules import Rules
from tests.planning.siting.brute import optimum, value_of

# PuLP tells spopt's authors, in every variable, what its next version will want.
pytestmark = pytest.mark.filterwarnings("ignore:.*PuLP 4.0:DeprecationWarning")

SMALL = Size(300, 40)


def greedy(problem: SitingProblem, _effort, _seed, _watch) -> Answer:
    """Take the site that is worth most, again and again; nobody can reach more than everybody."""
    chosen: list[int] = []
    for _ in range(problem.rules.most_sites):
        left = [each for each in range(problem.rules.sites) if each not in chosen]
        chosen.append(max(left, key=lambda each: worth(problem, [*chosen, each])))
    return Answer(tuple(sorted(chosen)), worth(problem, chosen), float(problem.people.sum()))


class TestGround:
    def test_the_same_seed_gives_the_same_ground(self):
        one, other = (synthetic.synthetic(replace(SMALL, existing=5)) for _ in range(2))
        for name in ("place", "people", "site", "existing"):
            assert np.array_equal(getattr(one, name), getattr(other, name))
        assert not np.array_equal(synthetic.synthetic(replace(SMALL, seed=2)).place, one.place)

    def test_demand_stays_when_there_are_more_sites(self):
        one, other = (synthetic.synthetic(Size(300, sites)) for sites in (40, 80))
        assert np.array_equal(one.place, other.place)
        assert np.array_equal(one.people, other.people)

    @pytest.mark.parametrize("ground", [synthetic.PROVINCE, synthetic.UNIFORM, synthetic.COUNTRY])
    def test_everything_lies_in_the_square(self, ground):
        land = synthetic.synthetic(Size(5_000, 1_001, 7, ground))
        assert (len(land.place), len(land.site), len(land.existing)) == (5_000, 1_001, 7)
        for xy in (land.place, land.site, land.existing):
            assert xy.min() >= 0
            assert xy.max() <= ground.side_m
        assert land.people.dtype == np.int64
        assert land.people.min() >= 1

    def test_towns_crowd_and_uniform_land_does_not(self):
        within = {}
        for ground in (synthetic.PROVINCE, synthetic.UNIFORM):
            place = synthetic.synthetic(Size(4_000, 2, ground=ground)).place
            within[ground] = KDTree(place).count_neighbors(KDTree(place), 6_000.0) / 4_000
        # 4,000 places × π 6² / 130² is 27 neighbours, less what the border takes, and oneself.
        assert 24 < within[synthetic.UNIFORM] < 29
        assert within[synthetic.PROVINCE] > 1.8 * within[synthetic.UNIFORM]

    def test_drawing_in_blocks_fills_every_block(self, monkeypatch):
        monkeypatch.setattr(synthetic, "_BLOCK", 1_000)
        place = synthetic.synthetic(Size(2_500, 2)).place
        assert len(np.unique(place, axis=0)) == 2_500

    def test_communes_part_the_candidates(self):
        land = synthetic.synthetic(Size(10, 2_000))
        rows = commune_rows(land.communes(), 1, 4)
        assert len(rows) > 90
        every = np.sort(np.concatenate([row.sites for row in rows]))
        assert np.array_equal(every, np.arange(2_000))
        assert {(row.least, row.most) for row in rows} == {(1, 4)}

    def test_clashes_are_pairs_closer_than_the_spacing(self):
        site = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 3.0], [50.0, 0.0]])
        found = clashes(site, 5.0).toarray()
        expected = (cdist(site, site) < 5.0) & ~np.eye(4, dtype=bool)
        assert np.array_equal(found, expected)  # exactly five apart is far enough

    def test_existing_points_are_where_people_are_served_now(self):
        land = synthetic.synthetic(replace(SMALL, existing=5))
        problem = problem_on(land, 3_000.0, 4)
        assert np.allclose(problem.now_m, cdist(land.place, land.existing).min(axis=1))

    def test_the_target_is_the_share_rounded_up(self):
        problem = fewest(80)(SMALL)
        total = int(problem.people.sum())
        assert total * 0.8 <= problem.target < total * 0.8 + 1


class TestRecount:
    @pytest.mark.parametrize(
        ("objective", "fade"),
        [
            *((objective, ()) for objective in Objective),
            (Objective.MOST_PEOPLE, (FadeStep(0.5, 10), FadeStep(1.0, 6), FadeStep(2.0, 1))),
        ],
    )
    def test_it_agrees_with_counting_one_by_one(self, objective, fade):
        land = synthetic.synthetic(Size(60, 12, 3))
        for straight in (True, False):
            problem = replace(problem_on(land, 9_000.0, 4, objective), fade=fade)
            if not straight:
                table = TableDistances(cdist(land.site, land.place))
                problem = replace(problem, distances=table)
            assert worth(problem, (1, 5, 7)) == pytest.approx(value_of(problem, (1, 5, 7)))

    def test_no_site_leaves_everybody_where_they_are(self):
        problem = problem_on(synthetic.synthetic(replace(SMALL, existing=2)), 3_000.0, 2)
        assert np.array_equal(nearest_m(problem, ()), problem.now_m)

    @pytest.mark.parametrize(
        ("objective", "value", "bound", "gap"),
        [
            (Objective.MOST_PEOPLE, 200, 202, 1.0),
            (Objective.MOST_PEOPLE, 0, 0, 0.0),
            (Objective.MOST_PEOPLE, 0, 5, float("inf")),
            (Objective.FEWEST_POINTS, 103, 100, 3.0),
            (Objective.MEAN_DISTANCE, 1.5, 1.5, 0.0),
            (Objective.WORST_DISTANCE, 3.0, 0.0, float("inf")),
        ],
    )
    def test_gaps(self, objective, value, bound, gap):
        assert gap_percent(objective, value, bound) == pytest.approx(gap)

    def test_a_wrong_answer_is_refused(self):
        problem = problem_on(synthetic.synthetic(SMALL), 9_000.0, 2)
        value = worth(problem, (1, 2))
        require_right(problem, Answer((1, 2), value, value + 3))
        for wrong, sentence in (
            (Answer((1, 2), value + 1, value + 3), "the value is"),
            (Answer((1, 2), value, value - 1), "wrong side"),
            (Answer((1, 2, 3), worth(problem, (1, 2, 3)), 1e9), "rules are broken"),
        ):
            with pytest.raises(ArithmeticError, match=sentence):
                require_right(problem, wrong)
        least = replace(problem, objective=Objective.FEWEST_POINTS, target=int(value) + 1)
        with pytest.raises(ArithmeticError, match="fewer people"):
            require_right(least, Answer((1, 2), 2, 2))
        with pytest.raises(ArithmeticError, match="wrong side"):
            require_right(replace(least, target=int(value)), Answer((1, 2), 2, 3))


class TestMeasuring:
    def test_a_case_is_warmed_solved_recounted_and_clustered(self):
        case = Case("x", "x", size=replace(SMALL, existing=4), build=covering(9_000.0, 3))
        seen = []

        def solve(problem, *rest):
            seen.append(problem.distances.shape)
            return greedy(problem, *rest) if len(seen) == 2 else None

        result = measure(case, case.problem(None), 7, solve)
        assert seen == [(400, 4_000), (40, 300)]
        assert (result.sites, result.places, result.points) == (40, 300, 3)
        assert result.bound == result.people
        assert result.gap_percent == pytest.approx(
            100 * (result.bound - result.value) / result.value
        )
        assert result.cpu_s >= 0
        assert 20 < result.peak_mb < 20_000
        assert set(result.clusters) == {"KMeans", "MiniBatchKMeans", "HDBSCAN"}
        assert all(0 <= share <= 100 for share in result.clusters.values())

    def test_no_plan_and_no_function_are_said(self, monkeypatch):
        case = Case("x", "x", size=SMALL, build=covering(9_000.0, 3))
        problem = case.problem(None)
        assert "no choice" in measure(case, problem, 7, lambda *_: None).said

        def missing():
            raise ModuleNotFoundError(name="planning.siting.solvers")

        monkeypatch.setattr(measured, "engine", missing)
        assert "no such function yet" in measure(case, problem, 7).said

    def test_a_frontier_is_measured_from_one_point_to_the_most(self):
        case = Case("x", "x", size=SMALL, build=covering(9_000.0, 12), measure=Measure.FRONTIER)
        problem = case.problem(None)
        result = measure(case, problem, 7)
        assert result.said == ""
        assert result.value <= result.bound <= problem.people.sum()
        assert 0 <= result.mean_gap_percent <= result.gap_percent < 100

    def test_seconds_are_those_of_the_solver(self):
        problem = problem_on(synthetic.synthetic(SMALL), 9_000.0, 1)
        result = Measured()

        def slow(*given):
            sum(range(2_000_000))
            return greedy(*given)

        timed(problem, Effort.QUICK, 7, slow, result)
        assert result.cpu_s > 0.01
        assert result.wall_s > 0.01

    def test_clustering_is_left_where_everybody_is_served(self):
        problem = problem_on(synthetic.synthetic(replace(SMALL, existing=3)), 1e9, 2)
        assert shares_of_bound(problem, float(problem.people.sum()), 7) == {}


@pytest.fixture
def bench():
    """Return a way to measure with answers made up for each job."""

    def made(answers, *names, **asked):
        jobs = []

        def run(job, _seconds):
            jobs.append(job)
            return dict(answers(job))

        made_bench = SitingBench(Asked(names, **asked), run)
        return "\n".join(made_bench.lines()), made_bench, jobs

    return made


OWN = {
    "places": 8_000, "sites": 800, "points": 30, "people": 90_000, "value": 65_181.0,
    "bound": 65_190.0, "gap_percent": 0.0138, "cpu_s": 0.1, "wall_s": 0.1, "peak_mb": 210.0,
    "objective": "most people", "clusters": {"KMeans": 89.1, "HDBSCAN": None}, "said": "",
}  # fmt: skip
PEER = {"value": 65_181.0, "cpu_s": 40.0, "wall_s": 41.0, "peak_mb": 560.0, "stopped": False}


class TestTable:
    def test_a_case_with_its_peer(self, bench):
        text, made, jobs = bench(lambda job: PEER if job["kind"] == "peer" else OWN, "spopt-8k")
        assert [job["kind"] for job in jobs] == ["plan", "peer"]
        assert made.results[0]["ratio"] == pytest.approx(400)
        assert made.results[0]["checks"] == [
            ["≥ 300 × spopt", True],
            ["objective no worse than spopt's", True],
        ]
        for words in (
            "8,000 × 800, 30",
            "65,181",
            "0.014",
            "400",
            "KMeans 89.1 %, HDBSCAN too large",
        ):
            assert words in text
        json.dumps(made.as_dict(), allow_nan=False)

    def test_a_peer_that_was_stopped_or_is_better(self, bench):
        peer = {**PEER, "value": 65_182.0, "stopped": True, "cpu_s": 20.0}
        text, made, _ = bench(lambda job: peer if job["kind"] == "peer" else OWN, "spopt-8k")
        assert "≥ 200" in text
        assert "stopped by the clock" in text
        assert made.results[0]["checks"] == [
            ["≥ 300 × spopt", False],
            ["objective no worse than spopt's", False],
        ]
        assert "MISSED ≥ 300 × spopt" in text

    def test_a_peer_that_is_absent_or_was_ended(self, bench):
        for peer, words in (({"said": "not installed"}, "spopt: not installed"),
                            ({"said": "stopped", "stopped": True, "cpu_s": 1200.0}, "spopt: stopped")):  # fmt: skip
            text, made, _ = bench(
                lambda job, peer=peer: peer if job["kind"] == "peer" else OWN, "spopt-8k"
            )
            assert words in text
            assert made.results[0]["checks"] == [["≥ 300 × spopt", "cpu_s" in peer]]

    def test_a_case_that_failed_meets_no_aim(self, bench):
        text, made, jobs = bench(lambda _: {"said": "failed: ArithmeticError"}, "expansion")
        assert "failed: ArithmeticError" in text
        assert {met for _, met in made.results[0]["checks"]} == {False}
        assert len(jobs) == 1

    def test_real_cases_without_the_real_files(self, bench, tmp_path):
        text, _, jobs = bench(lambda _: OWN, "province-real", "expansion", data=tmp_path)
        assert "the real files are not in" in text
        assert [job["case"] for job in jobs] == ["expansion"]

    def test_real_cases_share_one_database(self, bench, tmp_path):
        (tmp_path / "an_giang_2025.geojson").write_text("{}")
        answers = lambda job: {} if job["kind"] == "prepare" else OWN  # noqa: E731
        _, _, jobs = bench(answers, "nghe-an-10", "an-giang-10", data=tmp_path)
        assert [job["kind"] for job in jobs] == ["prepare", "plan", "plan"]
        assert {job["database"] for job in jobs} == {jobs[0]["database"]}

    def test_growth_is_fitted(self, bench):
        def answers(job):
            places, sites = job["size"]
            return {"cpu_s": 1e-6 * places**0.6 * sites, "said": ""}

        text, made, _ = bench(answers, "growth")
        assert made.results[0]["places"]["power"] == pytest.approx(0.6)
        assert made.results[0]["sites"]["power"] == pytest.approx(1.0)
        assert "n^0.60" in text

    def test_a_case_that_is_not_there(self, bench):
        with pytest.raises(RequestError, match="no case “nowhere”"):
            bench(lambda _: OWN, "nowhere")

    def test_quick_cases_are_few(self):
        quick = Asked(quick=True).cases()
        assert {each.quick for each in quick} == {True}
        assert 3 <= len(quick) < len(Asked().cases()) == len(CASES) == len(BY_NAME)


def test_ratio_and_power_need_figures():
    assert ratio({"cpu_s": 0.0}, {"cpu_s": 1.0}) is None
    assert ratio({"cpu_s": 0.5}, {"said": "not installed"}) is None
    assert power([1.0], [1.0]) is None
    assert power([1.0, 10.0, 100.0], [2.0, 20.0, 200.0]) == pytest.approx(1.0)


def test_aims_are_met_at_their_limit():
    case = Case("x", "x", Aim(1.0, 0.3, 5.0, 0.4), measure=Measure.FRONTIER)
    at = {"gap_percent": 1.0, "mean_gap_percent": 0.3, "cpu_s": 5.0, "peak_mb": 400.0}
    assert [met for _, met in checks(case, at)] == [True] * 4
    over = {key: value * 1.001 for key, value in at.items()}
    assert [met for _, met in checks(case, over)] == [False] * 4


class TestPeer:
    def test_it_solves_a_line_of_places(self):
        # Four places at 0, 1, 2 and 10 with 1, 5, 1 and 3 people; sites at all of them.
        metres = np.abs(np.subtract.outer([0, 1, 2, 10], [0, 1, 2, 10])).astype(float)
        values = {Objective.MOST_PEOPLE: (1, 7), Objective.FEWEST_POINTS: (4, 2),
                  Objective.MEAN_DISTANCE: (2, 2), Objective.WORST_DISTANCE: (2, 1)}  # fmt: skip
        for objective, (points, best) in values.items():
            problem = SitingProblem(
                people=np.array([1, 5, 1, 3]), radius_m=np.full(4, 1.0), now_m=np.full(4, np.inf),
                distances=TableDistances(metres), rules=Rules(4, points), objective=objective,
                target=10 if objective == Objective.FEWEST_POINTS else 0,
            )  # fmt: skip
            assert can_state(problem)
            answer = solve_by_spopt(problem, 60, gap=0.0)
            assert answer.value == best == optimum(problem)
            assert not answer.stopped

    def test_people_served_already_count_and_take_no_site(self):
        problem = problem_on(synthetic.synthetic(Size(80, 8, 2)), 9_000.0, 2)
        assert solve_by_spopt(problem, 60, gap=0.0).value == optimum(problem)

    def test_what_it_has_no_model_for(self):
        problem = problem_on(synthetic.synthetic(Size(80, 8, 2)), 9_000.0, 2)
        assert can_state(problem)
        for other in (
            replace(problem, worst_m=5.0),
            replace(problem, radius_m=problem.radius_m + np.arange(80)),
            replace(problem, rules=Rules(8, 2, chosen=np.array([1]))),
            replace(problem, objective=Objective.MEAN_DISTANCE),
            replace(problem, objective=Objective.FEWEST_POINTS, target=1),
        ):
            assert not can_state(other)


def test_a_published_file_is_put_to_the_solver(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("planning.benchmarks.published.engine", lambda: _exactly)
    path = tmp_path / "table.csv"
    path.write_text("place,weight,a,b\nx,3,0,2\ny,1,5,1\n")
    bench = PublishedBench(path, Wanted(points=1), optimum=4)
    text = "\n".join(bench.lines())
    assert "2 places with 4 people, 2 sites; mean distance, 1 points" in text
    assert "value 5, bound 5, gap 0.000 %" in text
    assert "known best 4: difference +1 (+25.000 %)" in text
    assert bench.result["chosen"] == ["a"]


def _exactly(problem: SitingProblem, *_rest) -> Answer:
    """Choose the first site; its worth is the bound."""
    return Answer((0,), worth(problem, (0,)), worth(problem, (0,)))


def test_the_command_names_its_cases_and_refuses_others():
    listed = CliRunner().invoke(cli, ["bench", "siting", "--list"])
    assert listed.exit_code == 0
    assert "spopt-16k" in listed.output
    refused = CliRunner().invoke(cli, ["bench", "siting", "--case", "nowhere"])
    assert refused.exit_code == 1
    assert "nowhere" in refused.output
