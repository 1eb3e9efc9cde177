"""The quick look at a table lets through what Pandera lets through, and nothing else."""

import inspect

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geo import table_rules, tables

TABLES = [
    each
    for _, each in inspect.getmembers(tables, inspect.isclass)
    if issubclass(each, pa.DataFrameModel) and each.__name__.endswith("Table")
    and not each.__name__.startswith("_")
]  # fmt: skip
# What may stand in a cell or a column and what must not, of every kind there is.
TEXTS = ["12345", "12", "2025-07-01", "2025-07-01x", "", "direct", "open", "x", "123456"]
NUMBERS = [0.0, -1.0, 1.0, 10.5, 105.0, 118.5, float("inf")]


def example(declared: pa.Column, row: int) -> object:
    """Return a value that the declaration of a column lets stand in a row."""
    said = {check.name: check.statistics for check in declared.checks}
    kind = str(declared.dtype)
    if kind == "geometry":
        return Point(105 + row, 10)
    if kind.startswith("string"):
        if "isin" in said:
            return said["isin"]["allowed_values"][row % len(said["isin"]["allowed_values"])]
        digits = {r"^\d{5}$": f"{row:05}", r"^\d{2}$": f"{row:02}"}
        pattern = said.get("str_matches", {}).get("pattern")
        return digits.get(pattern, f"2025-07-0{row + 1}")
    if kind.startswith("bool"):
        return bool(row % 2)
    low = next((each["min_value"] for each in said.values() if "min_value" in each), 0)
    return int(low) + 1 if kind.lower().startswith("int") else float(low) + 0.5


def right(table: type[pa.DataFrameModel], rows: int = 3) -> pd.DataFrame:
    """Return rows that obey a table."""
    columns = table.to_schema().columns
    made = {}
    for name, declared in columns.items():
        values = [example(declared, row) for row in range(rows)]
        kind = str(declared.dtype)
        if kind == "geometry":
            made[name] = gpd.GeoSeries(values, crs="EPSG:4326")
        else:
            made[name] = pd.Series(values, dtype="str" if kind.startswith("string") else kind)
    return pd.DataFrame(made)


def lets_through(table: type[pa.DataFrameModel], frame: pd.DataFrame) -> bool:
    try:
        table.validate(frame, lazy=True)
    except pa.errors.SchemaErrors:
        return False
    return True


def test_there_are_tables_to_look_at():
    assert tables.PointTable in TABLES
    assert len(TABLES) >= 9


@pytest.mark.parametrize("table", TABLES, ids=lambda each: each.__name__)
def test_what_obeys_is_let_through_without_pandera(table):
    frame = right(table)
    assert lets_through(table, frame)
    assert table_rules.obeys(table.to_schema(), frame)
    assert table_rules.obeys(table.to_schema(), frame.iloc[:0])


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_cell_or_column_is_let_through_by_both_or_left_to_pandera(data):
    table = data.draw(st.sampled_from(TABLES))
    frame, columns = right(table), table.to_schema().columns
    name = data.draw(st.sampled_from([each for each in columns if each != "geometry"]))
    how = data.draw(st.sampled_from(["cell", "missing", "twice", "objects", "text"]))
    values = frame[name].tolist()
    dtype: object = frame[name].dtype
    if how == "cell":
        texts = str(columns[name].dtype).startswith("string")
        values[1] = data.draw(st.sampled_from(TEXTS if texts else NUMBERS))
    elif how == "missing":
        values[1] = None
    elif how == "twice":
        values[1] = values[0]
    else:
        dtype = object if how == "objects" else "str"
        values = [str(each) for each in values] if how == "text" else values
    try:
        frame[name] = pd.Series(values, dtype=dtype)
    except (TypeError, ValueError, OverflowError):
        frame[name] = pd.Series(values, dtype=object)
    if table_rules.obeys(table.to_schema(), frame):
        assert lets_through(table, frame)
    elif how in ("cell", "missing", "twice") and frame[name].dtype == right(table)[name].dtype:
        assert not lets_through(table, frame)


def test_a_rule_it_does_not_know_is_left_to_pandera():
    schema = pa.DataFrameSchema({"people": pa.Column(float, pa.Check.lt(5))})
    assert not table_rules.obeys(schema, pd.DataFrame({"people": np.array([1.0])}))
