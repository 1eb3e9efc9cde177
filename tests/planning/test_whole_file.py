"""A file is written whole or not at all, and nothing is left beside it."""

import errno
from pathlib import Path

import pytest

from planning.whole_file import whole_file


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_what_was_written_takes_the_place_of_what_stood_there(tmp_path):
    path = tmp_path / "đề xuất.gpkg"
    path.write_text("before", encoding="utf-8")
    with whole_file(path) as draft:
        assert draft.suffix == ".gpkg"  # writers go by it
        draft.write_text("after", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "before"
    assert path.read_text(encoding="utf-8") == "after"
    assert names(tmp_path) == ["đề xuất.gpkg"]


def test_after_an_error_halfway_the_file_is_as_it_was(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("before", encoding="utf-8")

    def half() -> None:
        with whole_file(path) as draft:
            draft.write_text("aft", encoding="utf-8")
            raise ValueError("the disk was pulled out")

    with pytest.raises(ValueError, match="pulled out"):
        half()
    assert path.read_text(encoding="utf-8") == "before"
    assert names(tmp_path) == ["a.csv"]


def test_a_folder_that_is_not_there_is_said_of_the_name_that_was_asked_for(tmp_path):
    path = tmp_path / "none" / "a.csv"

    def write() -> None:
        with whole_file(path) as draft:
            draft.write_text("x", encoding="utf-8")

    with pytest.raises(OSError, match="none") as caught:
        write()
    assert caught.value.errno == errno.ENOENT
    assert caught.value.filename == str(path)


def test_an_error_about_another_file_keeps_its_name(tmp_path):
    other = tmp_path / "other.csv"

    def read() -> None:
        with whole_file(tmp_path / "a.csv"):
            other.read_text(encoding="utf-8")

    with pytest.raises(FileNotFoundError) as caught:
        read()
    assert str(caught.value.filename) == str(other)
    assert names(tmp_path) == []
