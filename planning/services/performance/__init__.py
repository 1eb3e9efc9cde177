"""Targets and results of a province as its planners, organisations and checkers see them."""

from planning.services.performance.below import BelowSeen, Wanted, below
from planning.services.performance.cascade import CascadeSeen, cascade
from planning.services.performance.communes import CommunesSeen, ResultsAsk, communes
from planning.services.performance.files import hand_out
from planning.services.performance.looking import Choice
from planning.services.performance.opened import OpenedSeen, opened
from planning.services.performance.potential import PotentialSeen, potential
from planning.services.performance.province import Overview, overview, prepare, state, trend

__all__ = [
    "BelowSeen",
    "CascadeSeen",
    "Choice",
    "CommunesSeen",
    "OpenedSeen",
    "Overview",
    "PotentialSeen",
    "ResultsAsk",
    "Wanted",
    "below",
    "cascade",
    "communes",
    "hand_out",
    "opened",
    "overview",
    "potential",
    "prepare",
    "state",
    "trend",
]
