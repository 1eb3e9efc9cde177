"""The README names every command, every setting and every folder."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from planning.cli.commands import cli
from planning.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]


def commands(group: click.Group, words: tuple[str, ...] = ("diemthu",)) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield " ".join((*words, name))


def folders() -> list[str]:
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    names = {line.split("/")[0] for line in run.stdout.splitlines() if "/" in line}
    return sorted(name for name in names if not name.startswith("."))


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(commands(cli)))
def test_every_command_is_in_the_readme(readme, command):
    assert command in readme


@pytest.mark.parametrize("variable", [each.variable for each in SETTINGS])
def test_every_setting_is_in_the_readme(readme, variable):
    assert variable in readme


@pytest.mark.parametrize("folder", folders())
def test_every_folder_is_in_the_readme(readme, folder):
    assert f"{folder}/" in readme
