"""What is learnt from at once: some sentences and several questions on them, read as a tree.

The text is evaluated once, and each question with its reply behind it sees the text and itself
alone: ten questions cost half as much again as one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import torch

from eval.figure_adapter.questions import Article, Taught
from rag.prompts import NOT_STATED
from rag.schema import DocumentInfo

Blocks = tuple[tuple[int, ...], ...]
Passages = tuple[tuple[DocumentInfo, tuple[str, ...]], ...]
"""Articles, each with sentences of it in their order."""

_DRAWN = {"several": 3, "single": 4, "part": 1, "absent": 2, "premise": 1}
"""So many questions of each kind an article."""
_LEAST_SHOWN, _MOST_SHOWN = 0.1, 0.55
"""Between these, a share of the sentences that no question is about."""
_LEFT_OUT = 0.15
"""How often the sentence that answers is not shown, so that nothing does."""
_BEHIND = 0.6
"""How often it is shown behind the one before it."""
_BESIDES = 0.5
"""How often sentences of another article of the folder are shown too."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some sentences, and questions with the replies that are wanted of them."""

    passages: Passages
    replies: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A sheet as tensors."""

    ids: torch.Tensor
    """int64 [tokens]."""
    places: torch.Tensor
    """int64 [tokens]: how many tokens each one has before it."""
    mask: torch.Tensor
    """bool [tokens, tokens]: which tokens each one sees."""
    rows: torch.Tensor
    """int64 [wanted]: behind which token each token of a reply is wanted."""
    wanted: torch.Tensor
    question_of: torch.Tensor
    """int64 [wanted]: the number of its question, from 0."""


class Drawer:
    """Draws sheets, another one each time.

    Args:
        articles: by name.
        questions: by the name of the article that they are asked of.
    """

    def __init__(
        self, articles: Mapping[str, Article], questions: Mapping[str, Sequence[Taught]]
    ) -> None:
        self._articles = articles
        self._questions = questions
        self._folders: dict[str, list[str]] = {}
        for name, article in articles.items():
            self._folders.setdefault(article.folder, []).append(name)

    def draw(self, name: str, rng: Random) -> Sheet:
        """Questions on an article, and sentences that state the answers to most of them."""
        drawn = self._drawn(name, rng)
        shown = self._shown(name, drawn, rng)
        order = [name for name, which in shown.items() if which]
        rng.shuffle(order)
        passages = tuple(self._passage(name, shown[name]) for name in order)
        replies = [(q.text, self._reply(q, shown, passages)) for q in drawn]
        return Sheet(passages, tuple((asked, reply) for asked, reply in replies if reply))

    def _passage(self, name: str, which: set[int]) -> tuple[DocumentInfo, tuple[str, ...]]:
        article = self._articles[name]
        return article.info, tuple(article.sentences[i] for i in sorted(which))

    def _drawn(self, name: str, rng: Random) -> list[Taught]:
        of_kind: dict[str, list[Taught]] = {kind: [] for kind in _DRAWN}
        for question in self._questions[name]:
            of_kind[question.kind].append(question)
        return [
            question
            for kind, n in _DRAWN.items()
            for question in rng.sample(of_kind[kind], min(n, len(of_kind[kind])))
        ]

    def _shown(self, name: str, drawn: Sequence[Taught], rng: Random) -> dict[str, set[int]]:
        own = self._articles[name]
        share = rng.uniform(_LEAST_SHOWN, _MOST_SHOWN)
        shown = {name: {i for i in range(len(own.sentences)) if rng.random() < share}}
        for question in drawn:
            if question.reply and question.kind != "premise" and rng.random() < _LEFT_OUT:
                article, quote = question.quotes[-1]
                shown.get(article, set()).difference_update(
                    self._articles[article].with_quote(quote)
                )
                continue
            for article, quote in question.quotes:
                for i in self._articles[article].with_quote(quote):
                    before = {i - 1} if i and rng.random() < _BEHIND else set()
                    shown.setdefault(article, set()).update({i} | before)
        tempting = [question.tempts for question in drawn if question.tempts]
        shown[name] |= {
            i for i, text in enumerate(own.sentences) if any(t in text for t in tempting)
        }
        if not shown[name]:
            shown[name] = {0}
        if rng.random() < _BESIDES:
            other = rng.choice(self._folders[own.folder])
            n = len(self._articles[other].sentences)
            start = rng.randrange(n)
            shown.setdefault(other, set(range(start, min(n, start + rng.randint(1, 4)))))
        return shown

    def _reply(self, question: Taught, shown: Mapping[str, set[int]], passages: Passages) -> str:
        """The reply that is wanted of these sentences; empty where that cannot be told."""
        if question.reply is None:
            return NOT_STATED
        if all(
            shown.get(article, set()) & set(self._articles[article].with_quote(quote))
            for article, quote in question.quotes
        ):
            return question.reply
        # The same figure in another sentence may answer as well.
        elsewhere = any(question.reply in text for _, texts in passages for text in texts)
        return "" if len(question.quotes) == 1 and elsewhere else NOT_STATED


def planted(
    sheet: Sheet,
    blocks_of: Callable[[str, Passages], Blocks],
    encode: Callable[[str], Sequence[int]],
    end: Sequence[int],
) -> Tree:
    """A sheet as a tree of tokens.

    Args:
        sheet: what is learnt from.
        blocks_of: the tokens of the prompt for a question and sentences, the question's last.
        encode: the tokens of a reply.
        end: the tokens that end a reply.
    """
    ids: list[int] = []
    places: list[int] = []
    branch: list[int] = []
    rows: list[tuple[int, int, int]] = []
    for number, (asked, reply) in enumerate(sheet.replies):
        *before, own = blocks_of(asked, sheet.passages)
        trunk = [token for block in before for token in block]
        if not ids:
            ids, places, branch = list(trunk), list(range(len(trunk))), [-1] * len(trunk)
        wanted = [*encode(reply), *end]
        first = len(ids) + len(own) - 1
        rows += [(first + i, token, number) for i, token in enumerate(wanted)]
        read = [*own, *wanted[:-1]]
        ids += read
        places += range(len(trunk), len(trunk) + len(read))
        branch += [number] * len(read)
    of = torch.tensor(branch)
    sees = (of[None] == -1) | (of[None] == of[:, None])
    behind, wanted_ids, numbers = torch.tensor(rows).T
    return Tree(
        torch.tensor(ids),
        torch.tensor(places),
        torch.tril(sees),
        behind,
        wanted_ids,
        numbers,
    )
