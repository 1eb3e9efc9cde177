"""The map of a review round as one file that needs no network."""

import tempfile
from pathlib import Path
from typing import Any

from geo.errors import N_
from planning.exports.as_map import MapContent, write_map
from planning.exports.packet.words import LANGUAGE
from planning.language import speaker
from planning.model.errors import NotReadyError
from planning.model.packet import Packet, ProposalRow
from planning.model.proposals import ProposalKind

_PLACED = (ProposalKind.OPEN, ProposalKind.MOVE)


def offline_map(packet: Packet) -> bytes:
    """Return the map file; its suggestions are the proposals that open or move a point.

    Raises `NotReadyError` where the round was frozen without the layers of the map.
    """
    if not packet.layers:
        raise NotReadyError(N_("This review round was frozen without the layers of a map."))
    origin = packet.origin
    content = MapContent(
        province=origin.province, synthetic=origin.synthetic, valid_from=origin.valid_from,
        data_date=origin.data_date, layers={**packet.layers, "plan": _plan(packet)},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.html"
        write_map(path, content, speaker(LANGUAGE), LANGUAGE)
        return path.read_bytes()


def _plan(packet: Packet) -> dict[str, Any]:
    """Return the proposals as the map page knows a plan: ranks are those of the list."""
    sites = [
        _site(at, row)
        for at, row in enumerate(packet.proposals, start=1)
        if row.kind in _PLACED and row.gained is not None
    ]
    # Gains are of each proposal alone: their sum would count people twice.
    plan = {
        "sites": sites, "points_asked": len(sites), "upper_bound_people_gained": None,
        "people_gained": packet.gained_together, "round": packet.fingerprint,
    }  # fmt: skip
    return {"plan": plan, "stale": False}


def _site(at: int, row: ProposalRow) -> dict[str, Any]:
    return {
        "rank": at, "lon": row.lon, "lat": row.lat, "commune_code": row.commune_code,
        "commune": f"{row.number}, {row.name}, {row.commune}", "people_gained": row.gained,
        "distance_now_m": row.distance_now_m, "distance_then_m": row.distance_then_m,
        "host": row.host or None, "host_type": row.host_type or None, "host_m": 0.0,
    }  # fmt: skip
