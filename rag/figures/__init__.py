"""Figures: finding the numbers that a text states, and telling whether two agree."""

from __future__ import annotations

from rag.figures.comparing import Agreement, agree
from rag.figures.finding import bounded_span, find_figures
from rag.figures.units import same_unit

__all__ = ["Agreement", "agree", "bounded_span", "find_figures", "same_unit"]
