"""Bounds of figures, written as their source has them."""

from __future__ import annotations

from rag.figures import Agreement, agree, bounded_span, find_figures


def restore_bounds(text: str, sentence: str) -> str:
    """Write each figure as the sentence bounds it: "more than" is not lost, and not made up.

    >>> restore_bounds("240,000 people left.", "They counted more than 240,000 people.")
    'More than 240,000 people left.'
    """
    stated = find_figures(sentence)
    for figure in reversed(find_figures(text)):
        source = next((s for s in stated if agree(figure, s) is Agreement.BOUND_LOST), None)
        if source is not None and not any(agree(figure, s) is Agreement.EXACT for s in stated):
            span, original = bounded_span(text, figure), bounded_span(sentence, source)
            written = sentence[original.start : original.end]
            text = text[: span.start] + written + text[span.end :]
    return text[:1].upper() + text[1:]
