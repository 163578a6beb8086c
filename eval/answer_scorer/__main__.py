"""Trains the answer scorer.

    python -m eval.answer_scorer SQUAD.json BASE.safetensors OUT.safetensors [--epochs 1.2]

SQUAD.json is the training part of SQuAD 1.1, BASE.safetensors the weights of
cross-encoder/ms-marco-MiniLM-L-12-v2. An epoch takes 45 minutes on two cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import torch

from eval.answer_scorer.groups import Batch, Draw, batched, drawing
from eval.answer_scorer.network import (
    Network,
    has_answer,
    is_right,
    load_base,
    loss_of,
    save_quantised,
)
from eval.answer_scorer.questions import Question, read_questions
from eval.answer_scorer.swapping import Swapper
from rag.answer_scoring.layout import open_tokenizer
from rag.answer_scoring.scorer import FOLDER
from rag.question import TIMES

_GROUPS = 16
_CHUNK = 16 * _GROUPS
_RATE = 7e-5
_HEADS_FASTER = 10
_WARM_UP = 100
_DECAY = 0.01
_HELD = 300
_TIMES_KEPT = 0.45
"""Of the questions for a year or a day, which are the easier half of all."""
_SHOW_EVERY, _SAVE_EVERY = 20, 200


def main() -> None:
    """Read, train, and write what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("squad", type=Path)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=float, default=1.2)
    given = parser.parse_args()
    torch.manual_seed(0)
    rng = Random(0)  # noqa: S311
    questions = [
        question
        for question in read_questions(given.squad)
        if question.answer.kind not in TIMES or rng.random() < _TIMES_KEPT
    ]
    rng.shuffle(questions)
    held, learnt = questions[:_HELD], questions[_HELD:]
    tokenizer = open_tokenizer(str(FOLDER / "vocab.txt"))
    draw = drawing(tokenizer, rng, Swapper(learnt, rng))
    network = Network()
    load_base(network, given.base)
    print(f"{len(learnt)} questions")
    steps = int(given.epochs * len(learnt) / _GROUPS)
    for step in _train(network, learnt, draw, steps, rng):
        if step % _SAVE_EVERY == 0 or step == steps:
            plain = drawing(tokenizer, Random(1), None)  # noqa: S311
            print(_measured(network, [plain(question) for question in held]), flush=True)
            save_quantised(network, given.out)


def _train(
    network: Network, questions: Sequence[Question], draw: Draw, steps: int, rng: Random
) -> Iterator[int]:
    """Learn; yields the number of each step that was taken."""
    optimiser = _optimiser(network)
    began, smooth = time.monotonic(), 0.0
    for step, batch in zip(range(1, steps + 1), _batches(questions, draw, rng), strict=False):
        network.train()
        rate = _RATE * min(1.0, step / _WARM_UP) * max(0.02, 1 - step / steps)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["faster"]
        with torch.autocast("cpu", torch.bfloat16):
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


def _optimiser(network: Network) -> torch.optim.Optimizer:
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
        _RATE,
        betas=(0.9, 0.98),
    )


def _batches(questions: Sequence[Question], draw: Draw, rng: Random) -> Iterator[Batch]:
    """Batches without end, of groups of like length."""
    order = list(range(len(questions)))
    while True:
        rng.shuffle(order)
        for start in range(0, len(order), _CHUNK):
            groups = [draw(questions[i]) for i in order[start : start + _CHUNK]]
            groups = sorted(filter(None, groups), key=lambda g: max(len(row[0].ids) for row in g))
            parts = [groups[i : i + _GROUPS] for i in range(0, len(groups), _GROUPS)]
            rng.shuffle(parts)
            yield from map(batched, parts)


def _measured(network: Network, groups: Sequence[list]) -> str:  # type: ignore[type-arg]
    network.eval()
    right, answered = [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
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
