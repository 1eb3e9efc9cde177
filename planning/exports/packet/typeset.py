"""Pages by typst: a template of ours and values as JSON, so that no text becomes markup.

Only the vendored letters and those inside typst are used, never the machine's, and the day
of the round stands for the clock: the same packet gives the same file everywhere.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from geo.errors import N_
from planning.model.errors import NotReadyError

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates" / "packet"
LETTERS = ROOT / "planning" / "web" / "static" / "vendor" / "tinos-0.4.2"
FACES = ("400Regular/Tinos_400Regular.ttf", "400Regular_Italic/Tinos_400Regular_Italic.ttf",
         "700Bold/Tinos_700Bold.ttf")  # fmt: skip


def pdf(template: str, values: Mapping[str, Any], day: str) -> bytes:
    """Return the PDF that a template makes of the values, dated the midnight of `day`."""
    found = _compiler().compile(
        str(TEMPLATES / template), format="pdf", sys_inputs=_inputs(values), timestamp=moment(day)
    )
    return _one(found)


def pictures(template: str, values: Mapping[str, Any], ppi: float = 110) -> list[bytes]:
    """Return the pages as PNG, for somebody to look at."""
    found = _compiler().compile(
        str(TEMPLATES / template), format="png", sys_inputs=_inputs(values), ppi=ppi
    )
    return found if isinstance(found, list) else [_one(found)]


def moment(day: str) -> datetime:
    """Return the midnight (UTC) with which a round begins."""
    return datetime.fromisoformat(day[:10]).replace(tzinfo=UTC)


def _one(found: bytes | list[bytes] | None) -> bytes:
    if not isinstance(found, bytes):
        raise TypeError(type(found))
    return found


def _inputs(values: Mapping[str, Any]) -> dict[str, str]:
    return {"values": json.dumps(values, ensure_ascii=False)}


@cache
def fonts() -> typst.Fonts:
    """Return the letters that are printed with, and no others of this machine."""
    missing = [each for each in FACES if not (LETTERS / each).is_file()]
    if missing:
        raise NotReadyError(
            N_("The letters %(name)s for printing are missing; start once with “python3 run.py”."),
            name=Path(missing[0]).name,
        )
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(LETTERS)]
    )


def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts(), ignore_system_fonts=True)
