"""Work that outlives a request: asked for here, done by a process of its own."""

from planning.jobs.asking import CURVE, ask, cancel, settled, status, still_open

__all__ = ["CURVE", "ask", "cancel", "settled", "status", "still_open"]
