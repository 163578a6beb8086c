"""Clauses: which words of a sentence belong to which of its figures.

A sentence with two figures says of each another thing: "dropped to 64 in August after a high of
144 in May". Between two figures it is cut where a comparison, a conjunction, a comma or the
preposition of the second one begins, and each figure has the part that it stands in. Figures that
only say more of another one (years, days, places in a row) share its part, and so do the two ends
of a range.
"""

from __future__ import annotations

from rag.clauses.cutting import Link
from rag.clauses.finding import Clause, clauses
from rag.clauses.lists import are_listed, lists

__all__ = ["Clause", "Link", "are_listed", "clauses", "lists"]
