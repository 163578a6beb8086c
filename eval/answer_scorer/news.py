"""Questions on news, with the sentences that a lookup sees of them.

`eval/answer_scorer/news` has 320 articles on sixteen subjects and 4,800 questions, written for this
by authors who did not know the program. The articles are indexed and each question searched for, so
that the network learns to tell apart what it will have to: the nearest sentences with figures, of
whichever article.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from eval.answer_scorer.questions import Line, Question
from rag.answering.weighing import by_sentence
from rag.asking import read_question
from rag.candidates import Candidate, find_candidates
from rag.cli.progress import IndexBars
from rag.figures import Agreement, agree, find_figures
from rag.pipeline import Pipeline
from rag.readers.markdown import strip_marks
from rag.schema import QUANTITIES, Figure, FigureKind
from rag.settings import Settings

_BY_THE_WHOLE = frozenset({"multi", "premise"})
"""Kinds of questions that no kind of figure can be told from."""


@dataclass(frozen=True, slots=True)
class Gold:
    """A figure that a question asks for, where its author found it."""

    article: str
    quote: str
    answer: str

    @property
    def figure(self) -> Figure | None:
        """The figure by itself; None where its words are read as none."""
        return next(iter(find_figures(self.answer)), None)

    def is_of(self, candidate: Candidate) -> bool:
        """Whether it is the candidate's figure."""
        text, figure = candidate.sentence, candidate.statement.figure
        if candidate.evidence.document.id != self.article:
            return False
        if self.quote in text:
            start = text.index(self.quote) + self.quote.index(self.answer)
        elif text in self.quote:
            start = self.quote.index(self.answer) - self.quote.index(text)
        else:
            return False
        return figure.span.start < start + len(self.answer) and figure.span.end > start


def read_news(folder: Path) -> list[Question]:
    """Read the questions of a folder, and search its articles for each.

    Raises:
        OSError, ValueError, KeyError: a file is not of this form.
    """
    with (
        TemporaryDirectory() as library,
        Pipeline(Settings(library=Path(library))) as pipeline,
        IndexBars() as bars,
    ):
        pipeline.index([str(folder)], observer=bars)
        return [
            question
            for path in sorted(folder.glob("*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
            for question in _questions(json.loads(line), pipeline)
        ]


def _questions(told: Mapping[str, Any], pipeline: Pipeline) -> Iterator[Question]:
    parts: list[Mapping[str, Any]] = [
        {"article": told["article"], **part} for part in told.get("parts", ())
    ]
    for part in parts:
        yield from _found(part["question"], [_gold(part)], pipeline, whole=False)
    stated = parts or ([told] if "quote" in told else [])
    golds = [_gold(part) for part in stated]
    yield from _found(told["question"], golds, pipeline, whole=told["kind"] in _BY_THE_WHOLE)


def _gold(told: Mapping[str, Any]) -> Gold:
    return Gold(told["article"], strip_marks(told["quote"])[0], told["answer"])


def _found(
    text: str, golds: Sequence[Gold], pipeline: Pipeline, *, whole: bool
) -> Iterator[Question]:
    """A question for each figure that is asked for, the others out of sight."""
    retrieval = pipeline.search(text)
    asking = read_question(retrieval)
    if whole:
        asking = replace(asking, kinds=QUANTITIES | _kinds(golds))
    candidates = find_candidates(asking, retrieval.looked_at)
    if not golds:
        yield _question(text, candidates, None)
    for gold in golds:
        others = [other for other in golds if other is not gold]
        seen = [c for c in candidates if not any(other.is_of(c) for other in others)]
        yield _question(text, seen, gold)


def _kinds(golds: Sequence[Gold]) -> frozenset[FigureKind]:
    return frozenset(figure.kind for gold in golds if (figure := gold.figure))


def _question(text: str, candidates: Sequence[Candidate], gold: Gold | None) -> Question:
    own = next((c for c in candidates if gold and gold.is_of(c)), None)
    answer = own.statement.figure if own else None
    lines, line = [], None
    for item, of_item in by_sentence(candidates):
        figures = [c.statement.figure for c in of_item]
        if own is None and gold and gold.figure:
            # Its sentence was not found: the same value elsewhere is not known to be wrong.
            figures = [f for f in figures if agree(f, gold.figure) is Agreement.DIFFERENT]
        lead = item.before[-1].text if item.before else ""
        read = Line(item.document.title or "", item.sentence.text, lead, tuple(figures))
        if own and own in of_item:
            line = read
        elif figures:
            lines.append(read)
    return Question(text, line, answer if line else None, tuple(lines))
