"""Whether figures of different sentences speak of the same thing, and whether they agree.

Pure functions over statements: no model is needed. That two figures differ is a grave thing to
say of two outlets, so it is said only where thing, scope and period are the same as far as the
words go; in doubt two figures are not compared at all.
"""

from __future__ import annotations

from rag.agreement.groups import SameEvent, Similarity, group_figures, relation

__all__ = ["SameEvent", "Similarity", "group_figures", "relation"]
