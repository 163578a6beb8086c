"""Teaches the default chat model to read figures.

    python -m eval.figure_adapter BASE.gguf OUT.gguf [--minutes 55]

BASE.gguf are the weights that the adapter is for. It learns from articles in turn, ten questions of
each at once, for so long; six articles are held out. On two cores a step takes 19 s, and 55 minutes
are 1,900 questions; 16 GB of memory are needed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import torch

from eval.figure_adapter.network import Network, save_adapter
from eval.figure_adapter.questions import read_articles, read_taught
from eval.figure_adapter.sheets import Blocks, Drawer, Passages, Sheet, Tree, planted
from rag.generation.template import ChatTemplate, tokenise
from rag.generation.weights import LlamaWeights
from rag.prompts import figure_messages

_RATE, _WARM_UP, _LAST = 1.5e-4, 12, 0.03
_HELD = 6
_SHOW_EVERY, _SAVE_EVERY = 10, 50


def main() -> None:
    """Read, teach, and write what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=55.0)
    given = parser.parse_args()
    torch.manual_seed(0)
    rng = Random(0)  # noqa: S311
    drawer = Drawer(articles := read_articles(), questions := read_taught())
    names = sorted(name for name in articles if name in questions)
    rng.shuffle(names)
    plant = _planting(given.base)
    held = [plant(drawer.draw(name, Random(5))) for name in names[:_HELD]]  # noqa: S311
    network = Network(given.base)
    optimiser = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad],
        _RATE,
        betas=(0.9, 0.98),
        weight_decay=0.0,
    )
    learnt, began, step = names[_HELD:], time.monotonic(), 0
    while (spent := (time.monotonic() - began) / (60 * given.minutes)) < 1:
        if step % len(learnt) == 0:
            rng.shuffle(learnt)
        tree = plant(drawer.draw(learnt[step % len(learnt)], rng))
        step += 1
        for group in optimiser.param_groups:
            group["lr"] = _RATE * min(1.0, step / _WARM_UP) * max(_LAST, 1 - spent)
        loss = network(tree).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        if step % _SHOW_EVERY == 0:
            print(f"{step}: loss {loss.item():.3f}, {spent:.0%} of the time", flush=True)
        if step % _SAVE_EVERY == 0:
            _check(network, held, given.out)
    _check(network, held, given.out)


def _planting(base: Path) -> Callable[[Sheet], Tree]:
    """Makes trees of sheets with the vocabulary of the weights."""
    weights = LlamaWeights(base)
    template = ChatTemplate(weights.metadata("tokenizer.chat_template"))

    def blocks_of(question: str, passages: Passages) -> Blocks:
        return tokenise(template.render(figure_messages(question, passages)), weights.encode)

    end = weights.encode(weights.special_text("eos"), True)
    return lambda sheet: planted(sheet, blocks_of, lambda text: weights.encode(text, False), end)


def _check(network: Network, held: list[Tree], out: Path) -> None:
    with torch.no_grad():
        losses = torch.cat([network(tree) for tree in held])
    print(f"held out: loss {losses.mean():.3f}, median {losses.median():.3f}", flush=True)
    save_adapter(network.taught(), out)


if __name__ == "__main__":
    main()
