"""Invented places that could house a point: post offices, health stations, hamlet houses."""

from pathlib import Path

import numpy as np
import pandas as pd

from geo.tables import Communes, CommuneTable, Demand, Hosts, HostTable, hosts
from planning.demo.placing import FARTHEST_M, choose_places, scatter
from planning.demo.settlement import NetworkPlaces, settle
from planning.demo.wording import bare_name, is_urban, numbered

HEADINGS = {
    HostTable.host_id: "Mã",
    HostTable.name: "Tên",
    HostTable.host_type: "Loại địa điểm",
    HostTable.lat: "Vĩ độ",
    HostTable.lon: "Kinh độ",
}
# The houses of a commune, chief places first; more people have more hamlet houses.
_CHIEF = ("UBND xã", "BĐ-VHX", "trạm y tế", "trạm y tế", "trạm y tế")
_PEOPLE_PER_HOUSE = 5_500
_SPOKEN = {"UBND xã": "UBND", "bưu cục": "Bưu cục", "BĐ-VHX": "Bưu điện - Văn hóa xã",
           "trạm y tế": "Trạm Y tế", "văn phòng ấp/khóm": "Văn phòng"}  # fmt: skip


def lay_hosts(communes: Communes, demand: Demand, rng: np.random.Generator) -> Hosts:
    """Return several invented hosts in each commune, at places where people live."""
    bare = demand.assign(former_code=None)
    ground = settle(NetworkPlaces(communes, Demand(bare), None, None), communes, rng)
    houses = (ground.units["people"] / _PEOPLE_PER_HOUSE).round().astype(int).clip(2, 14)
    chosen = choose_places(ground.places, houses + len(_CHIEF), rng)
    laid = ground.places.iloc[chosen].reset_index(drop=True)
    spots = scatter(laid, ground.crs, [("commune_code", communes)], FARTHEST_M, rng)
    full_name = laid["unit"].map(communes.set_index(CommuneTable.code)[CommuneTable.full_name])
    kind = _kinds(laid["unit"].groupby(laid["unit"]).cumcount(), full_name)
    frame = pd.DataFrame(
        {
            HostTable.host_id: [f"DD{at + 1:04d}" for at in range(len(laid))],
            HostTable.lon: spots[:, 0],
            HostTable.lat: spots[:, 1],
            HostTable.name: _names(kind, full_name),
            HostTable.host_type: kind,
        }
    )
    return hosts(frame)


def write_hosts(path: Path, table: Hosts) -> None:
    """Write the hosts as CSV; `geo.sources.places.read_hosts` reads them back."""
    cells = table[list(HEADINGS)].rename(columns=HEADINGS)
    cells.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _kinds(rank: pd.Series, full_name: pd.Series) -> pd.Series:
    kind = rank.map(dict(enumerate(_CHIEF))).fillna("văn phòng ấp/khóm")
    return kind.mask((kind == "BĐ-VHX") & full_name.map(is_urban), "bưu cục")


def _names(kind: pd.Series, full_name: pd.Series) -> pd.Series:
    """Return “Văn phòng ấp Bình Phú 2”: numbered where a name would come twice."""
    hamlet = full_name.map(is_urban).map({True: " khóm", False: " ấp"})
    hamlet = hamlet.where(kind == "văn phòng ấp/khóm", "").astype("str")
    whole = full_name.where(kind == "UBND xã", full_name.map(bare_name))
    return numbered(kind.map(_SPOKEN).astype("str") + hamlet + " " + whole)
