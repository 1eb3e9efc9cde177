"""Sizes and names: small files, short functions, few parameters, names that say something."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("geo", "planning") for path in (ROOT / folder).rglob("*.py"))
MIGRATIONS = ROOT / "planning" / "store" / "migrations"
DULL = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "base",
    "core",
    "manager",
    "managers",
}
MOST_LINES, MOST_BODY, MOST_PARAMETERS = 400, 60, 8


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a body without its docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def too_much(path: Path) -> list[str]:
    """Return what breaks a habit in one file."""
    text = path.read_text(encoding="utf-8")
    tree, found = ast.parse(text), []
    if path.stem in DULL or path.parent.name in DULL:
        found.append("a name that could hold anything")
    if MIGRATIONS in path.parents:
        return found
    if (lines := len(text.splitlines())) > MOST_LINES:
        found.append(f"{lines} lines")
    if not ast.get_docstring(tree):
        found.append("no first line that says what is in here")
    for each in functions(tree):
        if (lines := body_lines(each)) > MOST_BODY:
            found.append(f"{each.name}: {lines} lines")
        if (count := parameters(each)) > MOST_PARAMETERS:
            found.append(f"{each.name}: {count} parameters")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda each: str(each.relative_to(ROOT)))
def test_files_are_small_and_their_names_say_something(path):
    assert too_much(path) == []


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("utils.py", '"""X."""\n', "a name that could hold anything"),
        ("long.py", '"""X."""\n' + "x = 1\n" * 400, "401 lines"),
        ("silent.py", "x = 1\n", "no first line that says what is in here"),
        ("body.py", '"""X."""\ndef f():\n' + "    x = 1\n" * 61, "f: 61 lines"),
        ("many.py", '"""X."""\ndef f(a, b, c, d, e, g, h, i, j): ...\n', "f: 9 parameters"),
    ],
)
def test_a_planted_fault_is_found(tmp_path, name, text, wrong):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert too_much(tmp_path / name) == [wrong]


def test_nothing_in_the_repository_imports_what_evaluates_text():
    """No eval, exec or DataFrame.query/eval: a request must never become a program."""
    calls = {"eval", "exec"}
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in calls)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "eval")
        )
    ]
    assert found == []


def test_no_two_modules_of_tests_share_a_name():
    # Test folders are no packages: two modules of one name cannot be run together.
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
