"""What is learnt from at once: a question with some sentences, some of which may answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer

from eval.answer_scorer.questions import Line, Question
from eval.answer_scorer.swapping import Swapper
from rag.answer_scoring.layout import Sheet, lay_out
from rag.schema import Figure

_SWAPPED = 0.28
"""How often something else is asked, where questions can be changed."""
_WITHOUT_TITLE = 0.1
_WITHOUT_LEAD = 0.15

Row = tuple[Sheet, tuple[bool, ...]]
"""A sentence, and which of its figures are answers."""


@dataclass(frozen=True, slots=True)
class Group:
    """A question with some sentences."""

    rows: tuple[Row, ...]
    of_several: bool
    """Whether there comes an end to its answers, however many there are."""


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
SEVERAL = Way(others=2, among=16, falling=0.35, left_out=0.1)


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
    of_several: torch.Tensor
    """bool [groups]."""
    size: int
    """How many groups."""


def drawing(
    tokenizer: Tokenizer, rng: Random, swapper: Swapper | None, way: Way = ENCYCLOPAEDIA
) -> Draw:
    """A function that draws a group for a question, another one each time."""

    def draw(question: Question) -> Group:
        if swapper and rng.random() < _SWAPPED and (other := swapper.swapped(question)):
            shown = [line for line, _ in other.stated] + _tempting(other, rng, way, 1)
            return Group(
                tuple(_row(tokenizer, other, line, rng, right=False) for line in shown), False
            )
        lines = dict.fromkeys(line for line, _ in question.stated)
        kept = [line for line in lines if rng.random() >= way.left_out]
        shown = kept + _tempting(question, rng, way, way.others + (not kept))
        rows = tuple(_row(tokenizer, question, line, rng, right=True) for line in shown)
        return Group(rows, question.of_several)

    return draw


def _tempting(question: Question, rng: Random, way: Way, n: int) -> list[Line]:
    tempting = list(enumerate(question.others[: way.among]))
    drawn = []
    for _ in range(min(n, len(tempting))):
        weights = [1 / (1 + n * way.falling) for n, _ in tempting]
        one = rng.choices(tempting, weights)[0]
        tempting.remove(one)
        drawn.append(one[1])
    return drawn


def _row(tokenizer: Tokenizer, question: Question, line: Line, rng: Random, *, right: bool) -> Row:
    answers = [figure for of, figure in question.stated if of is line]
    values = {figure.value for _, figure in question.stated}
    # The same value elsewhere is neither right nor wrong.
    figures = [f for f in line.figures if _is_among(f, answers) or f.value not in values]
    sheet = lay_out(
        tokenizer,
        question.text,
        line.text,
        [figure.span for figure in figures],
        title="" if rng.random() < _WITHOUT_TITLE else line.title,
        lead="" if rng.random() < _WITHOUT_LEAD else line.lead,
    )
    return sheet, tuple(right and _is_among(figure, answers) for figure in figures)


def _is_among(figure: Figure, figures: Sequence[Figure]) -> bool:
    return any(figure is one for one in figures)


def batched(groups: Sequence[Group]) -> Batch:
    """Put groups into tensors."""
    rows = [(sheet, right, n) for n, group in enumerate(groups) for sheet, right in group.rows]
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
        torch.tensor([group.of_several for group in groups], dtype=torch.bool),
        len(groups),
    )
