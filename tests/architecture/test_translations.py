"""Every sentence a person can meet is in the Vietnamese catalogue, with the same places."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from planning.language import CATALOGUES, catalogue

ROOT = Path(__file__).resolve().parents[2]
PLACES = re.compile(r"%\((\w+)\)s")
# Called with a message id as their first argument, wherever they are called.
MARKERS = {"N_", "say"}


def sources() -> list[Path]:
    return [*(ROOT / "geo").rglob("*.py"), *(ROOT / "planning").rglob("*.py")]


def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sources()}


def refusals(parsed: dict[Path, ast.Module]) -> set[str]:
    """Return the names of all classes that derive from Refusal, at any depth."""
    parents: dict[str, set[str]] = {}
    for tree in parsed.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                parents.setdefault(node.name, set()).update(bases)
    known = {"Refusal"}
    while more := {name for name, bases in parents.items() if bases & known} - known:
        known |= more
    return known


def python_ids() -> Iterator[tuple[str, str]]:
    """Yield (message id, place) of every marked sentence, refusal and finding in the code."""
    parsed = trees()
    calls = MARKERS | refusals(parsed)
    for path, tree in parsed.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            texts: list[ast.expr] = []
            if name in calls:
                texts = node.args[:1]
            elif name == "Finding":
                texts = node.args[2:4]
                texts += [each.value for each in node.keywords if each.arg in ("message", "mend")]
            for text in texts:
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                    yield text.value, f"{path.relative_to(ROOT)}:{node.lineno}"


def template_ids() -> Iterator[tuple[str, str]]:
    """Yield (message id, place) of every `_("…")` of the templates."""
    found = extract_from_dir(
        str(ROOT / "templates"),
        method_map=[
            ("**.html", "jinja2.ext:babel_extract"),
            ("**.json", "jinja2.ext:babel_extract"),
        ],
    )
    for path, line, message, *_ in found:
        for each in message if isinstance(message, tuple) else (message,):
            if isinstance(each, str):
                yield each, f"templates/{path}:{line}"


@cache
def all_ids() -> dict[str, str]:
    """Return the place of every message id; read once for all tests, none of which changes it."""
    return {**dict(template_ids()), **dict(python_ids())}


def test_extraction_finds_templates_refusals_and_words_of_the_scripts():
    ids = all_ids()
    assert "Suggested points" in ids
    assert "There is no province with the code %(code)s here." in ids
    assert "below %(to)s" in ids
    assert len(ids) > 200


def test_every_message_has_a_vietnamese_text():
    known = catalogue("vi")
    missing = {message: place for message, place in all_ids().items() if message not in known}
    assert not missing, "\n".join(f"{place}: {message}" for message, place in missing.items())


def test_places_for_values_are_the_same_in_both_languages():
    for message, text in catalogue("vi").items():
        assert sorted(set(PLACES.findall(message))) == sorted(set(PLACES.findall(text))), message


def test_every_text_takes_its_values_without_error():
    for message, text in catalogue("vi").items():
        values = dict.fromkeys(PLACES.findall(message), "x")
        if values:
            assert "%(" not in text % values


def test_the_catalogue_holds_no_message_that_nothing_says():
    unused = set(catalogue("vi")) - set(all_ids())
    assert not unused


def test_the_catalogue_is_one_file_without_fuzzy_or_compiled_messages():
    assert not list(CATALOGUES.rglob("*.mo"))
    with (CATALOGUES / "vi" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        assert not [each.id for each in read_po(file, locale="vi") if each.fuzzy]
