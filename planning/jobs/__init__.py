"""Work that outlives a request: asked for here, done by a process of its own."""

from planning.jobs.asking import ask, cancel, settled, status, still_open

__all__ = ["ask", "cancel", "settled", "status", "still_open"]
