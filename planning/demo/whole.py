"""All that a profile tells of a laid network: register, inspections, figures, needs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.tables import PointTable
from planning.demo.campaigns import CAMPAIGNS
from planning.demo.cascade import lay_figures
from planning.demo.inspections import lay_inspections
from planning.demo.needs import NEEDY, lay_needs
from planning.demo.network import Network
from planning.demo.profiles import NetworkProfile
from planning.demo.register import Register, lay_register
from planning.model.performance import Programme


@dataclass(frozen=True, slots=True)
class Laid:
    """What was laid on a network; the tables are those of the functions that lay them.

    `on_former` says that the figures name former communes and not the present ones.
    """

    register: Register
    inspections: pd.DataFrame
    programmes: tuple[Programme, ...]
    figures: pd.DataFrame
    needs: pd.DataFrame
    on_former: bool


def lay_everything(
    profile: NetworkProfile, network: Network, people: Mapping[str, int], seed: int,
    *, on_former: bool = True,
) -> Laid:  # fmt: skip
    """Return what a profile lays on a network; `people` live in each present commune.

    `on_former` says that targets and results are given on the former communes, which every
    point has to name then, and not on the present ones.
    Each part draws from a state of its own, so that a change of one leaves the others.
    """
    campaigns = CAMPAIGNS[profile.name]
    commune = PointTable.former_code if on_former else PointTable.commune_code
    register = lay_register(profile, network, np.random.default_rng([seed, 1]))
    return Laid(
        register=register,
        inspections=lay_inspections(profile, register, np.random.default_rng([seed, 2])),
        programmes=tuple(each.programme for each in campaigns),
        figures=lay_figures(campaigns, register, str(commune), np.random.default_rng([seed, 3])),
        needs=lay_needs(NEEDY[profile.name], people, np.random.default_rng([seed, 4])),
        on_former=on_former,
    )
