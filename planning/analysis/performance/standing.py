"""Results beside targets: completion, what is short, who is below the rate of the whole."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Standing:
    """A result beside its target; None where it was not told."""

    target: int | None
    result: int | None

    @property
    def completion(self) -> float | None:
        """Result ÷ target, None without a target above nought."""
        if self.result is None or not self.target:
            return None
        return self.result / self.target

    @property
    def short(self) -> int | None:
        """Target − result, to the person; below nought where the target is passed."""
        return None if self.result is None or self.target is None else self.target - self.result


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many stand below and not below the rate of the whole, and the mean of their rates.

    `rate` is that of the whole: all results ÷ all targets (mức bình quân chung). It weighs
    each by its target; `mean` counts each alike and is shown beside it. `over` is how many
    have more than their target. None where there is nothing to compare.
    """

    rate: float | None
    mean: float | None
    below: int
    above: int
    over: int
    unrated: int


def stand(targets: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Return `target`, `result`, `completion` and `short` of all that is in either table."""
    index = targets.index.union(results.index)
    table = pd.DataFrame(
        {"target": targets["value"].reindex(index), "result": results["value"].reindex(index)},
        index=index,
    ).astype("Int64")
    return rated(table)


def standings(targets: pd.DataFrame, results: pd.DataFrame) -> list[tuple[str, Standing]]:
    """Return key and standing of all that is in either table, in the order of their keys."""
    return listed(stand(targets, results))


def listed(table: pd.DataFrame) -> list[tuple[str, Standing]]:
    """Return key and standing of every row of a table of `target` and `result`."""
    return [
        (str(key), Standing(whole(target), whole(result)))
        for key, target, result in zip(table.index, table["target"], table["result"], strict=True)
    ]


def whole(value: Any) -> int | None:
    """Return a cell as a whole number, None where it is missing."""
    return None if pd.isna(value) else int(value)


def rated(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of `target` and `result` with `completion` and `short`."""
    target = table["target"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    result = table["result"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
    rate = np.divide(result, target, out=np.full(len(table), np.nan), where=target > 0)
    return table.assign(completion=rate, short=table["target"] - table["result"])


def compare(table: pd.DataFrame, province: Standing) -> Comparison:
    """Compare every row that has a completion with the rate of the whole.

    Rates are compared to the person: a row is below when result × target of the whole is less
    than target × result of the whole.
    """
    known = table[table["completion"].notna()]
    rate = province.completion
    if rate is None or province.target is None or province.result is None:
        return Comparison(None, None, 0, 0, 0, len(table))
    # Numbers of đồng multiplied go beyond what 64 bits hold.
    pairs = zip(map(int, known["target"]), map(int, known["result"]), strict=True)
    below = sum(result * province.target < target * province.result for target, result in pairs)
    over = int((known["result"] > known["target"]).sum())
    mean = float(known["completion"].mean()) if len(known) else None
    return Comparison(rate, mean, below, len(known) - below, over, len(table) - len(known))


def change(now: int | None, before: int | None) -> int | None:
    """Return now − before, None where either was not told."""
    return None if now is None or before is None else now - before
