"""First questions to ask, made from the sentences that the library's own figures stand in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from rag.schema import FigureKind, StatedFigure

MOST = 4
_FEWEST_WORDS, _MOST_WORDS = 5, 18
# "46,610 | people were stopped in November between ports of entry": what follows the figure is the
# question's own wording where it is a noun of a few words, a verb, and more.
_SAID = re.compile(
    r"\s(?!(?:of|or|were|was|are|have|has|had|will)\b)(?P<noun>(?:[a-z][\w’'-]* ){1,4}?)"
    r"(?P<verb>(?:were|was|are|will be|(?:have|had|has) been|have|had|[a-z]+ed)\b[^,;:—–()“”\"]+)"
)
# What only the sentences before can tell, or what ends the words of the figure.
_LEANS = re.compile(
    r"\b(?:that|this|these|those|they|their|its?|he|she|his|her|them|who|which|while|but|and|said"
    r"|according|compared|than|up|down|from)\b"
    r"|(?<!\d)(?!(?:19|20)\d\d\b)\d",
    re.IGNORECASE,
)


def suggestions(figures: Iterable[StatedFigure]) -> tuple[str, ...]:
    """At most four questions, each in the words of a sentence of another article.

    Only counts whose sentence goes on with what happened to them: a question that is made by rule
    of anything else would not read like one that a person asks. Those that stand alone in their
    sentence come first, for there the answer is not in doubt.
    """
    rows = tuple(figures)
    together = Counter((row.document.id, row.sentence.position) for row in rows)
    found: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: together[row.document.id, row.sentence.position] > 1):
        question = _question(row)
        if question and row.document.id not in found and question not in found.values():
            found[row.document.id] = question
        if len(found) == MOST:
            break
    return tuple(found.values())


def _question(row: StatedFigure) -> str | None:
    figure, clause = row.statement.figure, row.statement.clause
    if figure.kind is not FigureKind.COUNT or figure.unit or row.sentence.boilerplate:
        return None
    said = _SAID.match(row.sentence.text[figure.span.end : clause.end])
    if said is None:
        return None
    words = " ".join(f"{said['noun']}{said['verb']}".split()).rstrip(" .!?")
    fits = _FEWEST_WORDS <= len(words.split()) <= _MOST_WORDS and not _LEANS.search(words)
    return f"How many {words}?" if fits else None
