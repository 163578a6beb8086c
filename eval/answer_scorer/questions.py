"""Questions that a figure of a sentence answers, read from a file in the form of SQuAD 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.figures import find_figures
from rag.schema import Figure
from rag.text import split_sentences

_LONGEST_ANSWER = 5
"""Words: a longer one is a passage that a figure stands in."""
_HARDEST = 8
_COMMON = (
    "the a an of in on to and for is was were are did do does how many much what which when who at"
    " by with from as that it its be has had have percent percentage year number"
)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of an article, with its title and the sentence before it in its paragraph."""

    title: str
    text: str
    lead: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the figure that answers it, and sentences that tempt."""

    text: str
    line: Line | None
    answer: Figure | None
    """Both None where nothing answers it."""
    others: tuple[Line, ...]
    """Other sentences with figures, those that tempt most first."""


def read_questions(path: Path) -> list[Question]:
    """Read the questions of a file that a single figure answers.

    Raises:
        OSError, ValueError, KeyError: no file in the form of SQuAD 1.1.
    """
    articles = json.loads(path.read_text("utf-8"))["data"]
    return [question for article in articles for question in _of_article(article)]


def words(text: str) -> frozenset[str]:
    """The words of a text that tell something."""
    return frozenset(re.findall(r"[a-z0-9]+", text.lower())) - frozenset(_COMMON.split())


def _of_article(article: Mapping[str, Any]) -> list[Question]:
    title = article["title"].replace("_", " ")
    paragraphs = [(p, list(_lines(title, p["context"]))) for p in article["paragraphs"]]
    lines = [line for _, found in paragraphs for _, line in found if line.figures]
    known = [words(line.text) for line in lines]
    return [
        Question(text, line, answer, _tempting(words(text), line, lines, known))
        for paragraph, found in paragraphs
        for text, line, answer in _answered(paragraph["qas"], found)
    ]


def _lines(title: str, context: str) -> Iterator[tuple[int, Line]]:
    """Each sentence of a paragraph and where it begins."""
    lead = ""
    for sentence in split_sentences(context):
        text = context[sentence.span.start : sentence.span.end]
        yield sentence.span.start, Line(title, text, lead, tuple(find_figures(text)))
        lead = text


def _answered(
    asked: Sequence[Mapping[str, Any]], lines: Sequence[tuple[int, Line]]
) -> Iterator[tuple[str, Line, Figure]]:
    for question in asked:
        answer = question["answers"][0]
        start = answer["answer_start"]
        end = start + len(answer["text"])
        if len(answer["text"].split()) > _LONGEST_ANSWER:
            continue
        for begins, line in lines:
            if not begins <= start < begins + len(line.text):
                continue
            meant = [
                figure
                for figure in line.figures
                if figure.span.start < end - begins and figure.span.end > start - begins
            ]
            if len(meant) == 1:
                yield question["question"].strip(), line, meant[0]


def _tempting(
    asked: frozenset[str], own: Line, lines: Sequence[Line], known: Sequence[frozenset[str]]
) -> tuple[Line, ...]:
    order = sorted(range(len(lines)), key=lambda i: -len(asked & known[i]))
    return tuple(lines[i] for i in order if lines[i] is not own)[:_HARDEST]
