"""Whether a text says more than its sources do, whatever its figures are."""

from __future__ import annotations

from collections.abc import Sequence

from rag.verification.sources import Source
from rag.verification.words import Sort, is_among, stems, tokens_of

# Seven of ten telling words have to come from the cited sentences. Answers by the default model
# that are right have that; what was made up of the question's own words has 0.44 to 0.67.
LEAST_SUPPORT = 0.7
# Where each figure is bound, its own words have been looked at already: of 458 right texts of the
# development half 99.3% pass with 0.6 and 98.7% with 0.7, of 865 wrong ones 99.1% and 99.2% fail.
LEAST_WITH_FIGURES = 0.6


def support(prose: str, sources: Sequence[Source]) -> float:
    """Return which share of the telling words of prose its sources have, 0 to 1.

    Prose without telling words says nothing that could be wrong: 1.
    """
    asked = stems(token for token in tokens_of(prose) if token.sort is not Sort.TIME)
    if not asked:
        return 1.0
    offered = frozenset[str]().union(*(stems(tokens_of(source.words)) for source in sources))
    held = [word for word in asked if is_among(word, offered)]
    return len(held) / len(asked)
