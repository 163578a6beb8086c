"""Drafts made of the articles' own sentences by rule: eval/drafts/rule.jsonl.

    python -m eval.drafts.rules

Eight ways, fifteen sentences each: left as it is, a digit changed, a unit changed, a period
swapped, a subject swapped, rounded, a figure computed from two others, out of nowhere. A sentence
is used once. The choice depends on the texts alone, so that the same articles give the same file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.drafts import swaps
from eval.drafts.changes import Made, digit_changed, rounded, swapped, true, unit_changed
from eval.drafts.nowhere import NOWHERE
from rag.drafts import is_checked
from rag.evaluation.claim_cases import DraftCase, ExpectedClaim
from rag.figures import find_figures
from rag.readers import read_path
from rag.schema import ClaimVerdict, Document, FigureKind
from rag.text import split_sentences

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ("seeds", "eval/articles/weather", "eval/articles/sport", "eval/articles/health")
PATH = Path(__file__).with_name("rule.jsonl")
EACH = 15

# Articles that a later one corrects or another outlet contradicts: what holds is no matter of rule.
_SUPERSEDED = re.compile(
    r"ylva-(?:harnby-first|northern)|denmark-july|alto-bravio|kessing-bay-(?:stadium|true)"
    r"|strathorran|01-tarnsund-measles|measles-institute|carrowdale-waits-sep|larkspur-ship"
)
_LEANS = re.compile(
    r"^[\"“'‘(]*(?:He|She|It|They|We|This|That|These|Those|His|Her|Its|Their|Then|There|But|And|Of"
    r"|On that|In that|At that|By then|Both|Among|Others?|Some|A year|One|The (?:rest|other|former)"
    r"|Next|Had|If|To|Down|Up|Here|Such|So|Not|Most)\b"
)
_UNCLEAR = re.compile(
    r"[\"“”?!;()\[\]]|\b(?:I|you|your|we|our|those|these|them|this|that|they|she|he|it was|it is)\b"
)
_NAME = re.compile(r"(?<=[a-z,] )[A-ZÀ-Þ][\w’'-]{2,}")


@dataclass(frozen=True, slots=True)
class Taken:
    """A sentence that was chosen and what a rule made of it."""

    document: str
    quote: str
    made: Made


def cases() -> tuple[DraftCase, ...]:
    """All cases of the file, in its order."""
    articles = list(_articles())
    found: list[DraftCase] = []
    for how, rows, verdict in _ROWS:
        taken = [_swapped(articles, row, verdict) for row in rows]
        start = sum(case.how == how for case in found)
        found += [_case(how, start + n, one) for n, one in enumerate(taken)]
    everything = "\n".join(article.text for article in articles)
    quoted = {case.quote for case in found}
    pool = [(*row, everything) for row in _sentences(articles) if row[1] not in quoted]
    used: set[str] = set()
    for how, rule in _RULES:
        found += [
            _case(how, n, one) for n, one in enumerate(_take(pool, rule, EACH, used, salt=how))
        ]
    return (*found, *_from_nowhere())


_ROWS: tuple[tuple[str, tuple[swaps.Row, ...], ClaimVerdict], ...] = (
    ("period swapped", swaps.PERIODS_GIVEN, ClaimVerdict.CONTRADICTED),
    ("period swapped", swaps.PERIODS_UNKNOWN, ClaimVerdict.NOT_FOUND),
    ("subject swapped", swaps.SUBJECTS_GIVEN, ClaimVerdict.CONTRADICTED),
    ("subject swapped", swaps.SUBJECTS_UNKNOWN, ClaimVerdict.NOT_FOUND),
    ("computed", swaps.COMPUTED, ClaimVerdict.COMPUTED),
)
_RULES: tuple[tuple[str, Callable[[str, str], Made | None]], ...] = (
    ("unit changed", unit_changed),
    ("rounded", rounded),
    ("digit changed", digit_changed),
    ("true", true),
)


def _swapped(articles: Sequence[Document], row: swaps.Row, verdict: ClaimVerdict) -> Taken:
    """The sentence of a row, with its words put in.

    Raises:
        ValueError: no article has it.
    """
    beginning, replacements, figures = row
    for article in articles:
        for found in split_sentences(article.text):
            quote = article.text[found.span.start : found.span.end]
            if quote.startswith(beginning):
                made = swapped(quote, replacements, figures, verdict)
                return Taken(article.info.id, quote, made)
    raise ValueError(f"no article has a sentence that begins {beginning!r}")


def _take(
    pool: Sequence[tuple[str, str, str]],
    rule: Callable[[str, str], Made | None],
    number: int,
    used: set[str],
    *,
    salt: str,
) -> list[Taken]:
    """The first sentences that a rule applies to, in an order that means nothing."""
    taken: list[Taken] = []
    for document, sentence, article in sorted(pool, key=lambda row: _shuffled(salt + row[1])):
        if len(taken) == number:
            break
        made = None if sentence in used else rule(sentence, article)
        if made is not None:
            used.add(sentence)
            taken.append(Taken(document, sentence, made))
    return taken


def _case(how: str, number: int, taken: Taken) -> DraftCase:
    changed = dict(taken.made.verdicts)
    claims = tuple(
        ExpectedClaim(figure.text, changed.get(figure.span, ClaimVerdict.SUPPORTED))
        for figure in find_figures(taken.made.text)
        if is_checked(figure)
    )
    return DraftCase(
        id=f"rule-{how.replace(' ', '-')}-{number + 1:02}",
        split="dev" if number % 2 == 0 else "final",
        how=how,
        text=taken.made.text,
        claims=claims,
        document=taken.document,
        quote=taken.quote,
    )


def _from_nowhere() -> Iterator[DraftCase]:
    for number, text in enumerate(NOWHERE):
        yield DraftCase(
            id=f"rule-from-nowhere-{number + 1:02}",
            split="dev" if number % 2 == 0 else "final",
            how="from nowhere",
            text=text,
            claims=tuple(
                ExpectedClaim(figure.text, ClaimVerdict.NOT_FOUND)
                for figure in find_figures(text)
                if is_checked(figure)
            ),
        )


def _articles() -> Iterator[Document]:
    for folder in ARTICLES:
        for path in sorted((ROOT / folder).glob("*.md")):
            yield next(d for d in read_path(path) if isinstance(d, Document))


def _sentences(articles: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Document and sentence: those that can be read alone and have a figure."""
    for article in articles:
        if _SUPERSEDED.search(article.info.id):
            continue
        for found in split_sentences(article.text):
            text = article.text[found.span.start : found.span.end]
            if any(found.span.overlaps(span) for span in article.boilerplate):
                continue
            if _reads_alone(text):
                yield article.info.id, text


def _reads_alone(text: str) -> bool:
    if _LEANS.match(text) or _UNCLEAR.search(text) or not text.endswith("."):
        return False
    figures = find_figures(text)
    if not any(is_checked(figure) for figure in figures):
        return False
    if any(figure.kind is FigureKind.IDENTIFIER for figure in figures):
        return False
    words = re.findall(r"[^\W\d_]{4,}", text)
    return (
        len(words) >= 5 and len(text.split()) <= 36 and bool(_NAME.search(text) or len(words) > 7)
    )


def _shuffled(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> None:
    """Write the file."""
    lines = [json.dumps(case.record(), ensure_ascii=False) for case in cases()]
    PATH.write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
