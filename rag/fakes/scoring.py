"""An answer scorer that needs no weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.schema import Evidence, Span


class ScriptedScorer:
    """Scores what a function says of a question, a sentence and the words of a span.

    Args:
        score: of each span; all are as likely as no answer where it is left out.
        name: identifies the weights.
    """

    def __init__(
        self, score: Callable[[str, str, str], float] | None = None, *, name: str = "scripted"
    ) -> None:
        self.name = name
        self._score = score or _as_likely_as_none
        self.questions: list[str] = []
        """Every question that was asked of it."""

    def score(
        self, question: str, evidence: Sequence[Evidence], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[float, ...]]:
        """Of each sentence the scores of its spans."""
        self.questions.append(question)
        return [
            tuple(
                self._score(question, item.sentence.text, item.sentence.text[span.start : span.end])
                for span in of_item
            )
            for item, of_item in zip(evidence, spans, strict=True)
        ]


def _as_likely_as_none(_question: str, _sentence: str, _words: str) -> float:
    return 0.0
