"""Questions on news, with the sentences that a lookup sees of them.

`eval/answer_scorer/news` has 320 articles on sixteen subjects and 4,800 questions,
`eval/answer_scorer/several` 2,598 more that want several figures or put one wrongly, all written
for this by authors who did not know the program. The articles are indexed and each question
searched for, so that the network learns to tell apart what it will have to: the nearest sentences
with figures, of whichever article.
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


def read_news(articles: Path, questions: Path) -> list[Question]:
    """Read the questions of a folder, and search the articles of another for each.

    Raises:
        OSError, ValueError, KeyError: a file is not of this form.
    """
    with (
        TemporaryDirectory() as library,
        Pipeline(Settings(library=Path(library))) as pipeline,
        IndexBars() as bars,
    ):
        pipeline.index([str(articles)], observer=bars)
        return [
            question
            for path in sorted(questions.glob("*.jsonl"))
            for line in path.read_text("utf-8").splitlines()
            for question in _questions(json.loads(line), pipeline)
        ]


def _questions(told: Mapping[str, Any], pipeline: Pipeline) -> Iterator[Question]:
    parts: list[Mapping[str, Any]] = [
        {"article": told["article"], **part} for part in told.get("parts", ())
    ]
    for part in parts:
        yield _found(part["question"], [_gold(part)], pipeline, whole=False)
    stated = parts or ([told] if "quote" in told else [])
    golds = [_gold(part) for part in stated]
    found = _found(told["question"], golds, pipeline, whole=told["kind"] in _BY_THE_WHOLE)
    yield replace(found, of_several=told["kind"] == "multi")


def _gold(told: Mapping[str, Any]) -> Gold:
    return Gold(told["article"], strip_marks(told["quote"])[0], told["answer"])


def _found(text: str, golds: Sequence[Gold], pipeline: Pipeline, *, whole: bool) -> Question:
    """A question with the figures that are asked for, as far as they are found."""
    retrieval = pipeline.search(text)
    asking = read_question(retrieval)
    if whole:
        asking = replace(asking, kinds=QUANTITIES | _kinds(golds))
    candidates = find_candidates(asking, retrieval.looked_at)
    own = [next((c for c in candidates if gold.is_of(c)), None) for gold in golds]
    # Where its sentence was not found, the same value elsewhere is not known to be wrong.
    missed = [g.figure for g, found in zip(golds, own, strict=True) if g.figure and not found]
    stated: list[tuple[Line, Figure]] = []
    others: list[Line] = []
    for item, of_item in by_sentence(candidates):
        answers = [c.statement.figure for c in of_item if c in own]
        figures = [f for c in of_item if _may_be_seen(f := c.statement.figure, missed)]
        lead = item.before[-1].text if item.before else ""
        line = Line(item.document.title or "", item.sentence.text, lead, tuple(figures))
        stated += [(line, figure) for figure in answers]
        if figures and not answers:
            others.append(line)
    return Question(text, tuple(stated), tuple(others))


def _may_be_seen(figure: Figure, missed: Sequence[Figure]) -> bool:
    return all(agree(figure, other) is Agreement.DIFFERENT for other in missed)


def _kinds(golds: Sequence[Gold]) -> frozenset[FigureKind]:
    return frozenset(figure.kind for gold in golds if (figure := gold.figure))
