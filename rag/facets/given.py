"""A sentence that takes a figure for granted, read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.facets import grammar
from rag.facets.clauses import (
    inverted,
    verb_at,
)
from rag.facets.phrases import time_spans
from rag.figures import find_figures
from rag.schema import QUANTITIES, Figure, FigureKind

_BOUND = re.compile(
    r"(?:\b(?:only|just|merely|all|as (?:many|few|much|little) as|(?:no |not )?(?:more|fewer|less)"
    r" than|at (?:least|most)|up to|nearly|almost|about|around|some|over|under|the|exactly"
    r"|(?:all|most|none) of the)\s+)+\Z",
    re.IGNORECASE,
)

_PART = re.compile(r"\b(?:half|most|a (?:third|quarter|fifth)|two thirds|none)\b(?= of\b)", re.I)


@dataclass(frozen=True, slots=True)
class Given:
    """A sentence that takes a figure for granted, cut at the figure."""

    auxiliary: str
    subject: str
    said: str
    """From the base or participle of its verb to the figure; empty where the subject has it."""
    kind: FigureKind
    after: str
    """What follows the figure: "passengers in 2018"."""
    in_subject: bool


def find_quantity(text: str) -> tuple[int, int, FigureKind] | None:
    """Where a text has its first amount, with the words that bound it."""
    found: list[tuple[int, int, FigureKind]] = [
        (figure.span.start, figure.span.end, figure.kind)
        for figure in find_figures(text)
        if figure.kind in QUANTITIES
        and not _of_time(text, figure)
        and re.match(r"\Z|[\s,.;]", text[figure.span.end :])
    ]
    found += [(m.start(), m.end(), FigureKind.RATIO) for m in _PART.finditer(text)]
    if not found:
        return None
    start, end, kind = min(found)
    bound = _BOUND.search(text[:start])
    return (bound.start() if bound else start), end, kind


def _of_time(text: str, figure: Figure) -> bool:
    spans = [(a, b) for a, b in time_spans(text) if a <= figure.span.start < b]
    return bool(spans)


def read_given(text: str, start: int, end: int, kind: FigureKind) -> Given | None:
    """Read a sentence around its figure; None where its verb is not seen.

    Args:
        text: of the sentence.
        start: where the figure begins, with the words that bound it.
        end: where it ends.
        kind: of the figure.
    """
    before, after = text[:start].strip(" ,"), text[end:].strip()
    words = before.lower().split()
    if not words or (len(words) == 1 and words[0] in grammar.AUXILIARIES):
        return _of_subject(before, after, kind)
    if words[0] in grammar.AUXILIARIES:
        return _of_question(before, after, kind)
    return _of_statement(before, after, kind)


def _of_question(before: str, after: str, kind: FigureKind) -> Given | None:
    """As in "Did the line carry 2 million passengers"; "@" keeps the place of the figure."""
    turned = inverted(f"{before} @ {after}")
    if turned is None:
        return None
    aux, subject, said = turned
    if "@" in subject:
        subject, _, rest = subject.partition("@")
        subject, said = subject.strip(), f"@ {rest} {said}"
    head, _, tail = said.partition("@")
    lies = re.search(r"\s(?:below|above|under|over|at)\Z", subject)
    subject = subject[: lies.start()] if lies and not head.strip() else subject
    return Given(aux.lower(), subject, head.strip(), kind, tail.strip(), in_subject=False)


def _of_statement(before: str, after: str, kind: FigureKind) -> Given | None:
    """As in "the strike lasted three weeks"."""
    at = verb_at(before)
    if not at:
        return None
    subject, said = _small(before[:at].strip()), before[at:].strip()
    verb, _, rest = said.partition(" ")
    low = verb.lower()
    if low in grammar.AUXILIARIES:
        return Given(verb, subject, rest, kind, after, in_subject=False)
    base = grammar.base_of(low) or (low if grammar.is_base(low) else "")
    if not base:
        return None
    return Given("did", subject, f"{base} {rest}".strip(), kind, after, in_subject=False)


def _small(subject: str) -> str:
    """With a small first letter where a word that is no name begins it."""
    first = subject.split(" ", 1)[0].lower()
    small = first in grammar.DETERMINERS or grammar.is_plural(first)
    return f"{subject[:1].lower()}{subject[1:]}" if small else subject


def _of_subject(before: str, after: str, kind: FigureKind) -> Given | None:
    """The figure is that of the subject: "Did 500 people come"."""
    aux = before.lower()
    if not aux:
        at = verb_at(after)
        if at is None:
            return None
        return Given("", after[:at].strip(), after[at:].strip(), kind, "", in_subject=True)
    of = "of " if after.startswith("of ") else ""
    turned = inverted(f"{before} {after.removeprefix('of ')}")
    if turned is None:
        return None
    _, subject, said = turned
    subject = f"{of}{subject}"
    verb, _, rest = said.partition(" ")
    if aux == "did":
        said = f"{grammar.past(verb.lower())} {rest}"
    elif aux not in {"do", "does"}:
        said = f"{aux} {said}"
    return Given("", subject, said.strip(), kind, "", in_subject=True)
