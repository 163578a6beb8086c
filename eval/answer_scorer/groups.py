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

_OTHERS = 2
_AMONG = 6
"""So many sentences beside the right one, drawn from the most tempting."""
_SWAPPED = 0.28
_LEFT_OUT = 0.25
"""How often something else is asked, or the sentence that answers is not shown."""
_WITHOUT_TITLE = 0.1
_WITHOUT_LEAD = 0.15

Row = tuple[Sheet, tuple[bool, ...]]
"""A sentence, and which of its figures is the answer."""
Group = list[Row]
Draw = Callable[[Question], Group]


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


def drawing(tokenizer: Tokenizer, rng: Random, swapper: Swapper | None) -> Draw:
    """A function that draws a group for a question, another one each time."""

    def draw(question: Question) -> Group:
        if swapper and rng.random() < _SWAPPED and (other := swapper.swapped(question)):
            shown = _shown(other, rng, answered=True, others=1)
            return [_row(tokenizer, other, line, rng, right=False) for line in shown]
        answered = rng.random() >= _LEFT_OUT
        shown = _shown(question, rng, answered=answered, others=_OTHERS + (not answered))
        return [_row(tokenizer, question, line, rng, right=True) for line in shown]

    return draw


def _shown(question: Question, rng: Random, *, answered: bool, others: int) -> list[Line]:
    tempting = list(question.others[:_AMONG])
    drawn = rng.sample(tempting, min(others, len(tempting)))
    return [question.line, *drawn] if answered else drawn


def _row(tokenizer: Tokenizer, question: Question, line: Line, rng: Random, *, right: bool) -> Row:
    own = line is question.line
    # The same value elsewhere is neither right nor wrong.
    figures = [
        figure
        for figure in line.figures
        if (own and figure is question.answer) or figure.value != question.answer.value
    ]
    sheet = lay_out(
        tokenizer,
        question.text,
        line.text,
        [figure.span for figure in figures],
        title="" if rng.random() < _WITHOUT_TITLE else question.title,
        lead="" if rng.random() < _WITHOUT_LEAD else line.lead,
    )
    return sheet, tuple(right and own and figure is question.answer for figure in figures)


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
