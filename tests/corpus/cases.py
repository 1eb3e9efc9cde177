"""Every bad or odd file of the corpus, by the groups of the catalogue.

Roads (N01 to N07 of the catalogue) are not in the product, so that no file of them is here;
nor is T25, per cents, which no file that is read holds.
"""

from tests.corpus import (
    archives,
    boundaries,
    hostile,
    letters,
    partners,
    points,
    rasters,
    real_defects,
    tables,
)
from tests.corpus.expecting import Case

CASES: tuple[Case, ...] = (
    *boundaries.CASES, *archives.CASES, *letters.CASES, *points.CASES, *tables.CASES,
    *rasters.CASES, *partners.CASES, *real_defects.CASES, *hostile.CASES,
)  # fmt: skip
