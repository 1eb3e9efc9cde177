"""Targets and results of a province as its planners, organisations and checkers see them."""

from planning.services.performance.overview import Choice, Overview, overview, trend

__all__ = ["Choice", "Overview", "overview", "trend"]
