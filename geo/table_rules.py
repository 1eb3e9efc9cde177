"""Whether a frame obeys a table's declaration, asked quickly: nearly every one does.

Pandera takes about a millisecond a column to say so, whatever the number of rows, and a page
reads several tables. What is let through here is what pandera lets through (a test holds the two
together); everything else is for pandera to look at and to put into words.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import pandera.pandas as pa

Statistics = Mapping[str, Any]


def obeys(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> bool:
    """Whether every declared column plainly obeys; False too where that takes a closer look."""
    return all(_column_obeys(column, frame[name]) for name, column in schema.columns.items())


def _column_obeys(column: pa.Column, values: pd.Series) -> bool:
    if not _is_of(values.dtype, str(column.dtype)):
        return False
    if values.isna().any():
        if not column.nullable:
            return False
        given = values.dropna()
    else:
        given = values
    if column.unique and not values.is_unique:
        return False
    return all(_passes(check, given) for check in column.checks)


def _is_of(dtype: object, declared: str) -> bool:
    if declared.startswith("string"):
        return isinstance(dtype, pd.StringDtype)
    return str(dtype) == declared


def _passes(check: pa.Check, given: pd.Series) -> bool:
    rule = _RULES.get(str(check.name))
    return rule is not None and rule(given, check.statistics or {})


def _matches(given: pd.Series, said: Statistics) -> bool:
    return all(map(re.compile(said["pattern"]).match, given.to_numpy(object)))


def _is_long_enough(given: pd.Series, said: Statistics) -> bool:
    limits = {name: value for name, value in said.items() if value is not None}
    return limits.keys() == {"min_value"} and all(
        len(each) >= limits["min_value"] for each in given.to_numpy(object)
    )


_RULES: dict[str, Callable[[pd.Series, Statistics], bool]] = {
    "greater_than": lambda given, said: bool((given > said["min_value"]).all()),
    "greater_than_or_equal_to": lambda given, said: bool((given >= said["min_value"]).all()),
    "less_than_or_equal_to": lambda given, said: bool((given <= said["max_value"]).all()),
    "isin": lambda given, said: set(given.unique()) <= set(said["allowed_values"]),
    "str_matches": _matches,
    "str_length": _is_long_enough,
}
