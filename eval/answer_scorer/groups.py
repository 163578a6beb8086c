"""What is learnt from at once: a question with some sentences, one of which may answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer

from eval.answer_scorer.questions import Line, Question
from eval.answer_scorer.swapping import Swapper
from rag.answer_scoring.layout import Sheet, lay_out

_SWAPPED = 0.28
"""How often something else is asked, where questions can be changed."""
_WITHOUT_TITLE = 0.1
_WITHOUT_LEAD = 0.15

Row = tuple[Sheet, tuple[bool, ...]]
"""A sentence, and which of its figures is the answer."""
Group = list[Row]
Draw = Callable[[Question], Group]


@dataclass(frozen=True, slots=True)
class Way:
    """How groups are drawn."""

    others: int
    """Sentences beside the right one."""
    among: int
    """Drawn from so many that tempt most."""
    falling: float
    """How much oftener the most tempting: the n-th has a weight of 1 / (1 + n * falling)."""
    left_out: float
    """How often the sentence that answers is not shown."""


ENCYCLOPAEDIA = Way(others=2, among=6, falling=0.0, left_out=0.25)
NEWS = Way(others=3, among=16, falling=0.35, left_out=0.2)


@dataclass(frozen=True, slots=True)
class Batch:
    """Groups as tensors; candidates are numbered through."""

    ids: torch.Tensor
    """int64 [rows, tokens]."""
    types: torch.Tensor
    mask: torch.Tensor
    """bool, of the same shape."""
    places: torch.Tensor
    """int64 [candidates, 3]: row, first and last token."""
    groups: torch.Tensor
    """int64 [candidates]: the group of each."""
    right: torch.Tensor
    """bool [candidates]."""
    size: int
    """How many groups."""


def drawing(
    tokenizer: Tokenizer, rng: Random, swapper: Swapper | None, way: Way = ENCYCLOPAEDIA
) -> Draw:
    """A function that draws a group for a question, another one each time."""

    def draw(question: Question) -> Group:
        if swapper and rng.random() < _SWAPPED and (other := swapper.swapped(question)):
            shown = _shown(other, rng, way, answered=True, others=1)
            return [_row(tokenizer, other, line, rng, right=False) for line in shown]
        answered = question.line is not None and rng.random() >= way.left_out
        shown = _shown(question, rng, way, answered=answered, others=way.others + (not answered))
        return [_row(tokenizer, question, line, rng, right=True) for line in shown]

    return draw


def _shown(question: Question, rng: Random, way: Way, *, answered: bool, others: int) -> list[Line]:
    tempting = list(enumerate(question.others[: way.among]))
    drawn = [question.line] if answered and question.line else []
    for _ in range(min(others, len(tempting))):
        weights = [1 / (1 + n * way.falling) for n, _ in tempting]
        one = rng.choices(tempting, weights)[0]
        tempting.remove(one)
        drawn.append(one[1])
    return drawn


def _row(tokenizer: Tokenizer, question: Question, line: Line, rng: Random, *, right: bool) -> Row:
    own, answer = line is question.line, question.answer
    # The same value elsewhere is neither right nor wrong.
    figures = [
        figure
        for figure in line.figures
        if answer is None or (own and figure is answer) or figure.value != answer.value
    ]
    sheet = lay_out(
        tokenizer,
        question.text,
        line.text,
        [figure.span for figure in figures],
        title="" if rng.random() < _WITHOUT_TITLE else line.title,
        lead="" if rng.random() < _WITHOUT_LEAD else line.lead,
    )
    return sheet, tuple(right and own and figure is answer for figure in figures)


def batched(groups: Sequence[Group]) -> Batch:
    """Put groups into tensors."""
    rows = [(sheet, right, n) for n, group in enumerate(groups) for sheet, right in group]
    length = max(len(sheet.ids) for sheet, _, _ in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    types, mask = torch.zeros_like(ids), torch.zeros(len(rows), length, dtype=torch.bool)
    places, of_group, answers = [], [], []
    for row, (sheet, right, group) in enumerate(rows):
        n = len(sheet.ids)
        ids[row, :n], types[row, :n] = torch.tensor(sheet.ids), torch.tensor(sheet.types)
        mask[row, :n] = True
        for place, is_answer in zip(sheet.places, right, strict=True):
            if place:
                places.append((row, *place))
                of_group.append(group)
                answers.append(is_answer)
    return Batch(
        ids,
        types,
        mask,
        torch.tensor(places).reshape(-1, 3),
        torch.tensor(of_group, dtype=torch.long),
        torch.tensor(answers, dtype=torch.bool),
        len(groups),
    )
