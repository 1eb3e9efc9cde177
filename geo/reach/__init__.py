"""How far people are from sites.

A reach engine answers two questions about demand places and sites given in degrees: which
pairs are within a limit and how far (`within`), and how far the nearest site is
(`nearest`). `straight` is the engine by straight line; engines along roads and water come
with the same two questions.
"""

from geo.reach.matrix import ReachEngine, ReachMatrix
from geo.reach.straight import StraightLine

__all__ = ["ReachEngine", "ReachMatrix", "StraightLine"]
