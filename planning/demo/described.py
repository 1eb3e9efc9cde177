"""The point table of laid places: codes, names, signs, staff and dates, all invented."""

import numpy as np
import pandas as pd

from geo.tables import Communes, CommuneTable, DemandTable, Points, PointTable, columns, points
from planning.demo.organisations import draw_house_of, enterprise_code, official_codes
from planning.demo.profiles import NetworkProfile
from planning.demo.settlement import Settlement
from planning.demo.wording import (
    FIRST_DAY,
    HOURS,
    LABEL,
    addresses,
    days,
    draw_houses,
    is_urban,
    point_names,
)


def described(
    profile: NetworkProfile,
    laid: pd.DataFrame,
    ground: Settlement,
    communes: Communes,
    rng: np.random.Generator,
) -> Points:
    """Return the point table: codes, names, signs, staff and dates of the laid places."""
    direct = (laid["kind"] == "direct").to_numpy()
    own = communes.set_index(CommuneTable.code)
    present = laid[DemandTable.commune_code]
    full_name = present.map(own[CommuneTable.full_name])
    house = draw_house_of(profile, laid["owner"].to_numpy(), rng)
    house[~direct] = draw_houses("online", int((~direct).sum()), rng)
    house = np.where((house == "BĐ-VHX") & full_name.map(is_urban).to_numpy(), "bưu cục", house)
    province = str(own[CommuneTable.province_code].iloc[0])
    code = official_codes(province, present, laid["owner"].to_numpy())
    opened = days(pd.Series([FIRST_DAY.isoformat()] * len(laid)), profile.as_of, rng)
    sign, staff = _signs(profile, laid, rng), _staff(profile, laid, rng)
    values = {
        PointTable.point_id: code,
        PointTable.official_code: code,
        PointTable.name: point_names(pd.Series(house), laid["unit"].map(ground.units["name"])),
        PointTable.host_type: house,
        PointTable.address: addresses(full_name, (profile.hamlet, profile.quarter), rng),
        PointTable.organisation: [profile.organisations[at].name for at in laid["owner"]],
        PointTable.organisation_code: [enterprise_code(at) for at in laid["owner"]],
        PointTable.written_code: present,
        PointTable.former_code: laid["unit"] if ground.by_former else None,
        PointTable.office: present.map(own[CommuneTable.office]),
        PointTable.sign: sign,
        PointTable.sign_date: days(opened, profile.as_of, rng).where(sign.fillna(value=False)),
        PointTable.staff_count: staff,
        PointTable.permanent_staff: pd.array(
            [True if each else None for each in direct], dtype="boolean"
        ),
        PointTable.opening_hours: [HOURS if each else None for each in direct],
        PointTable.opened: opened,
    }
    blank = dict.fromkeys(columns(PointTable))
    frame = pd.DataFrame({**blank, **laid[["lon", "lat", "kind", "commune_code"]], **values})
    return points(frame.assign(status="open", note=LABEL))


def _signs(profile: NetworkProfile, laid: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return which direct points have a sign; unknown where no number is published."""
    sign = pd.Series(pd.NA, index=laid.index, dtype="boolean")
    if profile.signs is not None:
        rows = np.flatnonzero(laid["kind"] == "direct")
        sign.iloc[rows] = False
        sign.iloc[rng.permutation(rows)[: profile.signs]] = True
    return sign


def _staff(profile: NetworkProfile, laid: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Return the staff of direct points: one each, the others mostly at chief points."""
    staff = pd.Series(pd.NA, index=laid.index, dtype="Int64")
    rows = np.flatnonzero(laid["kind"] == "direct")
    odds = 1.0 + 2.0 * laid["first"].to_numpy()[rows]
    spare = rng.multinomial(profile.staff - len(rows), odds / odds.sum())
    staff.iloc[rows] = 1 + spare
    return staff
