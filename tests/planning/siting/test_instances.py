"""Published formats are read as they are meant; what is malformed is said, all of it at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.errors import FileError, Refusal
from planning.model.errors import ImportRefusedError, RequestError
from planning.model.siting import Objective
from planning.siting.instances import Instance, Wanted, read_instance
from planning.siting.rules import RuleKind
from tests.planning.siting.brute import optimum

INF = float("inf")


@pytest.fixture
def read(tmp_path: Path):
    def write_and_read(text: str, wanted: Wanted | None = None, name: str = "file.txt") -> Instance:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return read_instance(path, wanted)

    return write_and_read


def wrong(read, text: str, name: str = "file.txt", wanted: Wanted | None = None) -> list[str]:
    """Return every problem of a malformed file as the sentence its reader gets."""
    with pytest.raises(ImportRefusedError) as refused:
        read(text, wanted, name)
    return [each.sentence(str) for each in refused.value.findings]


class TestGraph:
    def test_a_path_of_four_vertices(self, read):
        # 1 –2– 2 –3– 3 –4– 4; two points: best at 2 and 4 (2 + 0 + 3 + 0) or at 2 and 3 (2+4).
        instance = read(" 4 3 2\n 1 2 2 \n 2 3 3\n3 4 4\n\n")
        assert instance.kind == "OR-Library pmed"
        assert instance.notes == ()
        problem = instance.problem
        assert problem.objective == Objective.MEAN_DISTANCE
        assert problem.distances.of(0).tolist() == [0, 2, 5, 9]
        assert problem.distances.of(2).tolist() == [5, 3, 0, 4]
        assert problem.people.tolist() == [1, 1, 1, 1]
        assert problem.rules.most_sites == 2
        assert optimum(problem) == 5

    def test_the_last_of_repeated_edges_counts_in_either_direction(self, read):
        instance = read("3 4 1\n1 2 9\n2 3 1\n2 1 4\n1 2 5\n")
        assert instance.problem.distances.of(0).tolist() == [0, 5, 6]
        assert [each.params for each in instance.notes] == [{"count": 2}]
        assert "2 edges stand there more than once" in instance.notes[0].sentence(str)

    def test_a_repeated_edge_may_grow_longer_than_a_way_round(self, read):
        assert read("3 4 1\n1 2 1\n1 3 2\n3 2 2\n1 2 50").problem.distances.of(0).tolist() == [
            0,
            4,
            2,
        ]

    def test_edges_without_length_and_to_oneself(self, read):
        assert read("3 3 1\n1 2 0\n2 3 1.5\n2 2 7").problem.distances.of(0).tolist() == [0, 0, 1.5]

    def test_what_is_not_connected_is_out_of_reach(self, read):
        problem = read("3 1 2\n1 2 6\n").problem
        assert problem.distances.of(2).tolist() == [INF, INF, 0]
        assert optimum(problem) == 6

    def test_no_edges_at_all(self, read):
        assert read("2 0 2\n").problem.distances.of(0).tolist() == [0, INF]

    def test_another_question_can_be_put_to_it(self, read):
        text = "4 3 2\n1 2 2\n2 3 3\n3 4 4\n"
        worst = read(text, Wanted(objective=Objective.WORST_DISTANCE)).problem
        assert optimum(worst) == 3  # at 2 and 4
        wanted = Wanted(objective=Objective.MOST_PEOPLE, points=1, radius=3)
        assert optimum(read(text, wanted).problem) == 3  # 1, 2 and 3 from vertex 2
        fewest = read(text, Wanted(objective=Objective.FEWEST_POINTS, radius=3)).problem
        assert (fewest.target, optimum(fewest)) == (4, 2)

    def test_windows_lines_and_a_byte_order_mark(self, read):
        assert read("\ufeff2 1 1\r\n1 2 3\r\n").problem.distances.of(0).tolist() == [0, 3]

    def test_every_wrong_line_is_named(self, read):
        found = wrong(read, "3 4 1\n1 5 2\n1 2\n1 2 -1\n1 2 x\n1 2 3\n")
        assert found == [
            "row 2, column “2”, value “5”: is not within 1 and 3. Correct it, or the numbers that announce it.",
            "row 3: the line has 2 numbers, not 3. Write two vertices and a length.",
            "row 4, column “3”, value “-1”: is not within 0 and 1000000000. Correct it, or the numbers that announce it.",
            "row 5, column “3”, value “x”: is no number. Write it in digits with a point.",
            "row 6, column “1”, value “1”: stands after everything that was announced. Delete what follows, or correct the line that announces it.",
        ]  # fmt: skip

    def test_a_file_that_ends_early(self, read):
        assert wrong(read, "3 3 1\n1 2 5\n") == [
            "the file ends after 1 of 3 entries (two vertices and a length). Add the others, or correct the line that announces them."
        ]

    @pytest.mark.parametrize(
        "head", ["5001 1 1", "0 0 1", "1e9 1 1", "-3 1 1", "3 500001 1", "3 1 0", "3 1.5 1",
                 "3 1 1e99", "nan 1 1", "inf 1 1", "1_0 1 1", "٣ 1 1", "9" * 400 + " 1 1"],
    )  # fmt: skip
    def test_a_hostile_first_line_costs_nothing(self, read, head):
        assert len(wrong(read, head + "\n1 2 3\n")) == 1

    def test_it_stops_at_a_hundred_problems(self, read):
        assert len(wrong(read, "3 4000 1\n" + "1 2 x\n" * 4000)) == 100


PLANE = "2\n1 5\n3 1 100\n1 0 0 5\n2 3 4 5\n3 0 1 5\n 2 7.5\n2 1 9\n1 0 0 1\n2 1 1 1\n"


class TestPlane:
    def test_distances_are_cut_to_whole_numbers(self, read):
        instance = read(PLANE)
        # 1–2: 5, 1–3: 1, 2–3: √18 = 4.24 → 4; best at the third: 1 + 4 + 0.
        assert instance.problem.distances.of(1).tolist() == [5, 0, 4]
        assert optimum(instance.problem) == 5
        assert (instance.best, instance.name) == (5, "file.txt 1")
        assert "Capacities are left out" in instance.notes[0].sentence(str)

    def test_the_problem_wanted_is_read(self, read):
        instance = read(PLANE, Wanted(number=2))
        assert instance.problem.distances.of(0).tolist() == [0, 1]
        assert (instance.best, instance.name) == (7.5, "file.txt 2")

    def test_a_number_that_is_not_there(self, read):
        with pytest.raises(RequestError, match="problems 1 to 2, not 3"):
            read(PLANE, Wanted(number=3))

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            (PLANE.replace("2 3 4 5\n", "2 3 4\n"), "row 5: the line has 3 numbers, not 4. Write a number, x, y and a demand."),
            (PLANE.replace("3 1 100", "5001 1 100"), "row 3, column “1”, value “5001”: is not within 1 and 5000. Correct it, or the numbers that announce it."),
            (PLANE[:-8], "the file ends after 1 of 2 entries (a number, x, y and a demand). Add the others, or correct the line that announces them."),
            ("2\n1 5\n1 1 1\n1 0 0 5\n", "the file ends after 0 of 1 entries (a number, x, y and a demand). Add the others, or correct the line that announces them."),
            (PLANE + "1\n", "row 11, column “1”, value “1”: stands after everything that was announced. Delete what follows, or correct the line that announces it."),
            ("0\n", "row 1, column “1”, value “0”: is not within 1 and 1000. Correct it, or the numbers that announce it."),
        ],
    )  # fmt: skip
    def test_what_is_malformed(self, read, text, problem):
        assert wrong(read, text) == [problem]


# Three rows, four columns: 1 serves {1}, 2 serves {1, 2}, 3 serves {3}, 4 serves {2, 3}.
COVER = " 3 4\n {costs}\n 2\n 1 2\n 2 2 4\n 2\n 3 4\n"


class TestCovering:
    def test_equal_costs_ask_for_the_fewest(self, read):
        problem = read(COVER.format(costs="1 1 1 1")).problem
        assert problem.objective == Objective.FEWEST_POINTS
        assert problem.target == 3
        assert problem.distances.shape == (4, 3)
        assert problem.distances.of(3).tolist() == [INF, 0, 0]
        assert optimum(problem) == 2

    def test_costs_ask_for_most_within_a_budget(self, read):
        text = COVER.format(costs="1 2\n 1 9")
        all_served, not_all = (read(text, Wanted(budget=each)).problem for each in (3, 2))
        assert all_served.objective == Objective.MOST_PEOPLE
        assert [row.kind for row in all_served.rules.rows] == [RuleKind.BUDGET]
        assert (optimum(all_served), optimum(not_all)) == (3, 2)

    def test_costs_need_a_budget(self, read):
        with pytest.raises(RequestError, match="--budget"):
            read(COVER.format(costs="1 2 1 9"))

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("2 2\n1 1\n1 3\n1 1\n", "row 3, column “2”, value “3”: is not within 1 and 2. Correct it, or the numbers that announce it."),
            ("2 2\n1 1\n0\n1 1\n", "row 3, column “1”, value “0”: is not within 1 and 2. Correct it, or the numbers that announce it."),
            ("2 2\n1\n", "the file ends after 1 of 2 entries (costs). Add the others, or correct the line that announces them."),
            ("2 2\n1 1\n1 1\n", "the file ends after 1 of 2 entries (costs, and of each row the count and the columns). Add the others, or correct the line that announces them."),
            ("1 1\n1\n1 1 1\n", "row 3, column “3”, value “1”: stands after everything that was announced. Delete what follows, or correct the line that announces it."),
        ],
    )  # fmt: skip
    def test_what_is_malformed(self, read, text, problem):
        assert wrong(read, text) == [problem]

    def test_a_hostile_first_line_costs_nothing(self, read):
        with pytest.raises(RequestError, match="at most 25000000 pairs"):
            read("5000 25000000\n1\n")


TABLE = "place,weight,a,007\n01,3,1.5,\n1,2,4,0\n"
MEDIAN = Wanted(points=1)


class TestTable:
    def test_codes_are_text_and_empty_is_out_of_reach(self, read):
        instance = read(TABLE, MEDIAN, "file.csv")
        assert (instance.places, instance.sites) == (("01", "1"), ("a", "007"))
        assert instance.problem.people.tolist() == [3, 2]
        assert instance.problem.distances.of(0).tolist() == [1.5, 4]
        assert instance.problem.distances.of(1).tolist() == [INF, 0]
        assert optimum(instance.problem) == 3 * 1.5 + 2 * 4

    @pytest.mark.parametrize(
        "text",
        [
            "nơi;People;a;007\r\n01;3;1,5;\r\n1;2.0;4;0\r\n",
            "nơi\tpeople\ta\t007\n01\t3\t1.5\t\n\n1\t2\t4,0\t0",
            '\ufeff"place",WEIGHT,a,007\n01, 3 ,"1.5",""\n1,2,4e0,0\n',
        ],
    )
    def test_other_ways_to_write_the_same(self, read, text):
        one = read(text, MEDIAN, "file.csv")
        other = read(TABLE, MEDIAN, "file.csv")
        assert (one.places, one.sites) == (other.places, other.sites)
        assert np.array_equal(one.problem.distances.metres, other.problem.distances.metres)
        assert np.array_equal(one.problem.people, other.problem.people)

    def test_what_the_file_leaves_open_must_be_said(self, read):
        with pytest.raises(RequestError, match="--points"):
            read(TABLE, None, "file.csv")
        with pytest.raises(RequestError, match="--radius"):
            read(TABLE, Wanted(objective=Objective.MOST_PEOPLE, points=1), "file.csv")

    def test_every_wrong_cell_is_named(self, read):
        text = "place;weight;a;b\nx;1.5;1.000,5;-1\nx;-2;nan;1e10\n;1;1;1\ny;1;1\n"
        assert wrong(read, text, "file.csv", MEDIAN) == [
            "row 2, column “2”, value “1.5”: a weight is a whole number from 0 to 1000000000. Multiply all weights by the same number until they are whole.",
            "row 2, column “a”, value “1.000,5”: a distance is a number from 0 to 1000000000. Write digits, without a unit and without marks between thousands.",
            "row 2, column “b”, value “-1”: a distance is a number from 0 to 1000000000. Write digits, without a unit and without marks between thousands.",
            "row 3, column “1”, value “x”: a place needs a code of its own. Write a code that no other line has.",
            "row 3, column “2”, value “-2”: a weight is a whole number from 0 to 1000000000. Multiply all weights by the same number until they are whole.",
            "row 3, column “a”, value “nan”: a distance is a number from 0 to 1000000000. Write digits, without a unit and without marks between thousands.",
            "row 3, column “b”, value “1e10”: a distance is a number from 0 to 1000000000. Write digits, without a unit and without marks between thousands.",
            "row 4, column “1”, value “”: a place needs a code of its own. Write a code that no other line has.",
            "row 5: the line has 3 cells under 4 headings. Leave a cell empty where a site cannot be reached, and quote a text that holds the separator.",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("place,distance,a\nx,1,1\n", "row 1, value “place;distance;a”: these are not the headings of a table of distances. Write the place, “weight”, then the code of each site."),
            ("place,weight\nx,1\n", "row 1, value “place;weight”: these are not the headings of a table of distances. Write the place, “weight”, then the code of each site."),
            ("place,weight,a,a\nx,1,1,1\n", "row 1, column “4”, value “a”: a site needs a code of its own. Write a code that no other heading has."),
            ("place,weight,a\n", "there is no place below the headings. Write one line per place."),
        ],
    )  # fmt: skip
    def test_wrong_headings(self, read, text, problem):
        assert wrong(read, text, "file.csv", MEDIAN) == [problem]

    def test_too_many_sites_or_places(self, read):
        with pytest.raises(FileError, match="more than 5000 sites"):
            read("p,weight," + ",".join(map(str, range(5001))), MEDIAN, "file.csv")
        rows = "".join(f"{at},1,1\n" for at in range(5001))
        with pytest.raises(FileError, match="more than 5000 places"):
            read("p,weight,a\n" + rows, MEDIAN, "file.csv")


@pytest.mark.parametrize("name", ["file.csv", "file.txt"])
@pytest.mark.parametrize("body", [b"", b"\xff\xfe1\x002", b"a b c d e\n", b"\n \n"])
def test_what_is_no_instance_is_refused(tmp_path, name, body):
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(Refusal):
        read_instance(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="There is no file"):
        read_instance(tmp_path / "none.txt")


codes = st.lists(
    st.text("abcăơ012 ,;\"'", min_size=1, max_size=4).filter(lambda text: text == text.strip()),
    min_size=1, max_size=5, unique_by=lambda text: " ".join(text.split()),
)  # fmt: skip
lengths = st.one_of(st.just(INF), st.integers(0, 10**9).map(lambda n: n / 1000))


@given(data=st.data(), places=codes, sites=codes, semicolons=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_table_comes_back_as_it_was_written(tmp_path, data, places, sites, semicolons):
    weights = data.draw(st.lists(st.integers(0, 10**9), min_size=len(places), max_size=len(places)))
    rows = st.lists(lengths, min_size=len(sites), max_size=len(sites))
    metres = data.draw(st.lists(rows, min_size=len(places), max_size=len(places)))

    def quoted(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    def number(value: float) -> str:
        text = "" if value == INF else repr(value)
        return text.replace(".", ",") if semicolons else text

    mark = ";" if semicolons else "\t"
    lines = [mark.join([quoted("nơi"), "weight", *map(quoted, sites)])]
    lines += [
        mark.join([quoted(place), str(weight), *map(number, row)])
        for place, weight, row in zip(places, weights, metres, strict=True)
    ]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    instance = read_instance(path, MEDIAN)
    assert instance.places == tuple(" ".join(each.split()) for each in places)
    assert instance.problem.people.tolist() == weights
    assert np.array_equal(instance.problem.distances.metres, np.array(metres).T)


@given(
    vertices=st.integers(1, 8),
    data=st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_graph_has_the_shortest_paths_of_floyd(tmp_path, vertices, data):
    vertex = st.integers(1, vertices)
    edges = data.draw(st.lists(st.tuples(vertex, vertex, st.integers(0, 50)), max_size=20))
    lines = [f"{vertices} {len(edges)} 1", *(" ".join(map(str, each)) for each in edges)]
    path = tmp_path / "pmed.txt"
    path.write_text("\n".join(lines))
    away = np.full((vertices, vertices), INF)
    for one, other, length in edges:
        away[one - 1, other - 1] = away[other - 1, one - 1] = length
    np.fill_diagonal(away, 0)
    for via in range(vertices):
        away = np.minimum(away, away[:, [via]] + away[[via], :])
    assert np.array_equal(read_instance(path).problem.distances.metres, away)
