"""Writing a file whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a name beside `path`, of the same ending, for what is written; it takes its place.

    After an error `path` is as it was before. An `OSError` about the other name is said of
    `path`, the only one that was asked for.
    """
    draft = path.with_name(f".part-{path.name}")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        if str(error.filename) != str(draft):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
