"""Networks laid on toy and on real boundaries, each written to a file and read as plain text."""

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from planning.demo.files import write_points
from planning.demo.network import Network, lay_network
from planning.demo.profiles import PROFILES
from planning.demo.settlement import NetworkPlaces
from planning.services.demo import load_province
from planning.store.session import Store

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("DIEMTHU_REAL_DATA", ROOT.parent / "shared" / "data"))
Rows = list[dict[str, str]]


def laid(profile: str, places: NetworkPlaces, seed: int = 7) -> Network:
    return lay_network(PROFILES[profile], places, np.random.default_rng(seed))


@pytest.fixture
def as_rows(tmp_path: Path) -> Callable[[Network], Rows]:
    """Return a way to read a network's points from the file written of it."""

    def read(network: Network) -> Rows:
        path = tmp_path / "points.csv"
        write_points(path, network.points)
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def real_data() -> Path:
    if not REAL.is_dir():
        pytest.skip(f"the real boundaries are not at {REAL}; set DIEMTHU_REAL_DATA")
    return REAL


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a database file with the demonstration province, to be read only."""
    store = Store(tmp_path_factory.mktemp("demonstration") / "whole.db")
    store.upgrade()
    load_province(store)
    yield store
    store.close()
