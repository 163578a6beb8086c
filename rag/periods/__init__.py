"""Periods: the times that a sentence names, worked out to their first and last day."""

from __future__ import annotations

from rag.periods.finding import Time, find_times, leans_on_lead

__all__ = ["Time", "find_times", "leans_on_lead"]
