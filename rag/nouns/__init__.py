"""What a figure counts or measures, as the sentence words it.

The words behind the figure say it ("12 cargo ships"), or those behind "of" ("77% of applicants"),
or the subject of the sentence ("sales rose 4%").
"""

from __future__ import annotations

from rag.nouns.finding import counted, measured, named_before
from rag.nouns.phrases import MASK, phrase, subject

__all__ = ["MASK", "counted", "measured", "named_before", "phrase", "subject"]
