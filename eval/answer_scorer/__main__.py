"""Trains the answer scorer.

    python -m eval.answer_scorer SQUAD.json BASE.safetensors OUT.safetensors

SQUAD.json is the training part of SQuAD 1.1, BASE.safetensors the weights of
cross-encoder/ms-marco-MiniLM-L-12-v2. First it learns from SQuAD, 1.2 times through, then twice
through from the questions on news beside this file, with some of SQuAD among them: an hour and a
half on two cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch

from eval.answer_scorer.groups import NEWS, Batch, Draw, Group, batched, drawing
from eval.answer_scorer.network import (
    Network,
    has_answer,
    is_right,
    load_base,
    loss_of,
    save_quantised,
)
from eval.answer_scorer.news import read_news
from eval.answer_scorer.questions import Question, read_questions
from eval.answer_scorer.swapping import Swapper
from rag.answer_scoring.layout import open_tokenizer
from rag.answer_scoring.scorer import FOLDER
from rag.processor import multiplies_bfloat16
from rag.question import TIMES

Drawn = tuple[Question, Draw]

_GROUPS = 16
_CHUNK = 16 * _GROUPS
_HEADS_FASTER = 10
_WARM_UP = 100
_DECAY = 0.01
_HELD = 300
_TIMES_KEPT = 0.45
"""Of the questions for a year or a day, which are the easier half of all."""
_SHOW_EVERY, _SAVE_EVERY = 20, 200
_HALVES = multiplies_bfloat16()
"""A processor that does not takes 18 times as long in bfloat16."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How long to learn from some questions, and how fast."""

    epochs: float
    rate: float


_SQUAD, _NEWS = Stage(1.2, 7e-5), Stage(2.0, 4e-5)
_SQUAD_AMONG_NEWS = 0.2
"""So many of the others a question on news: what was learnt before is kept."""


def main() -> None:
    """Read, train, and write what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    torch.manual_seed(0)
    rng = Random(0)  # noqa: S311
    squad = [
        question
        for question in read_questions(given.squad)
        if question.answer and (question.answer.kind not in TIMES or rng.random() < _TIMES_KEPT)
    ]
    rng.shuffle(squad)
    held, learnt = squad[:_HELD], squad[_HELD:]
    tokenizer = open_tokenizer(str(FOLDER / "vocab.txt"))
    draw = drawing(tokenizer, rng, Swapper(learnt, rng))
    network = Network()
    load_base(network, given.base)
    check = _Check(network, [drawing(tokenizer, Random(1), None)(q) for q in held], given.out)  # noqa: S311
    _learn(network, _SQUAD, [(question, draw) for question in learnt], rng, check)
    of_news = drawing(tokenizer, rng, None, NEWS)
    news = [(question, of_news) for question in read_news(Path(__file__).parent / "news")]
    besides = rng.sample(learnt, int(_SQUAD_AMONG_NEWS * len(news)))
    _learn(network, _NEWS, news + [(question, draw) for question in besides], rng, check)


@dataclass(frozen=True, slots=True)
class _Check:
    """What is printed and written on the way."""

    network: Network
    held: list[Group]
    out: Path

    def __call__(self, step: int, steps: int) -> None:
        if step % _SAVE_EVERY == 0 or step == steps:
            print(_measured(self.network, self.held), flush=True)
            save_quantised(self.network, self.out)


def _learn(
    network: Network, stage: Stage, drawn: Sequence[Drawn], rng: Random, check: _Check
) -> None:
    """Learn from questions, each drawn in its way."""
    print(f"{len(drawn)} questions")
    steps = int(stage.epochs * len(drawn) / _GROUPS)
    for step in _train(network, stage.rate, _batches(drawn, rng), steps):
        check(step, steps)


def _train(
    network: Network, full_rate: float, batches: Iterator[Batch], steps: int
) -> Iterator[int]:
    """Learn; yields the number of each step that was taken."""
    optimiser = _optimiser(network, full_rate)
    began, smooth = time.monotonic(), 0.0
    for step, batch in zip(range(1, steps + 1), batches, strict=False):
        network.train()
        rate = full_rate * min(1.0, step / _WARM_UP) * max(0.02, 1 - step / steps)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["faster"]
        with torch.autocast("cpu", torch.bfloat16, enabled=_HALVES):
            scores = network(batch)
        loss = loss_of(scores, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        smooth = loss.item() if step == 1 else 0.98 * smooth + 0.02 * loss.item()
        if step % _SHOW_EVERY == 0:
            taken = time.monotonic() - began
            print(f"{step} of {steps}: loss {smooth:.3f}, {taken:.0f} s", flush=True)
        yield step


def _optimiser(network: Network, rate: float) -> torch.optim.Optimizer:
    named = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    heads = [p for name, p in named if name in {"heads", "bias"}]
    vectors = [p for name, p in named if p.ndim == 1 and name != "bias"]
    matrices = [p for name, p in named if p.ndim > 1 and name != "heads"]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": _DECAY, "faster": 1},
            {"params": vectors, "weight_decay": 0.0, "faster": 1},
            {"params": heads, "weight_decay": 0.0, "faster": _HEADS_FASTER},
        ],
        rate,
        betas=(0.9, 0.98),
    )


def _batches(drawn: Sequence[Drawn], rng: Random) -> Iterator[Batch]:
    """Batches without end, of groups of like length."""
    order = list(drawn)
    while True:
        rng.shuffle(order)
        for start in range(0, len(order), _CHUNK):
            groups = [draw(question) for question, draw in order[start : start + _CHUNK]]
            groups = sorted(filter(None, groups), key=lambda g: max(len(row[0].ids) for row in g))
            parts = [groups[i : i + _GROUPS] for i in range(0, len(groups), _GROUPS)]
            rng.shuffle(parts)
            yield from map(batched, parts)


def _measured(network: Network, groups: Sequence[Group]) -> str:
    network.eval()
    right, answered = [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=_HALVES):
        for start in range(0, len(groups), _GROUPS):
            batch = batched([group for group in groups[start : start + _GROUPS] if group])
            right.append(is_right(network(batch), batch))
            answered.append(has_answer(batch))
    of, there = torch.cat(right), torch.cat(answered)
    return (
        f"held out: {int(of[there].sum())} of {int(there.sum())} answered rightly, "
        f"{int(of[~there].sum())} of {int((~there).sum())} without an answer left alone"
    )


if __name__ == "__main__":
    main()
