"""Statements: what one sentence says with each of its figures."""

from __future__ import annotations

from rag.statements.stating import statements

__all__ = ["statements"]
