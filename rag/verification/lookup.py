"""Looking up a figure of a text in its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.citations import without_markers
from rag.figures import Agreement, agree
from rag.schema import Figure, FigureKind, Verdict
from rag.statements import statements
from rag.verification.contrast import objection
from rag.verification.reading import Clause, Reading, read
from rag.verification.sources import Source, forms_of

_SUPPORT = {Agreement.EXACT: Verdict.EXACT, Agreement.ROUNDED: Verdict.ROUNDED}
_ORDER = (Verdict.EXACT, Verdict.ROUNDED, Verdict.MISBOUND)
_TIMES = frozenset({FigureKind.YEAR, FigureKind.DATE})
_WORDS = re.compile(r"[\w$£€%.-]*\w[%°]?")
_IS = re.compile(r"\b(?:is|was|aged)\s$")


@dataclass(frozen=True, slots=True)
class Found:
    """What the sources say of a figure."""

    verdict: Verdict
    source: Source | None
    """The sentence that states it; None where none does."""
    reason: str = ""
    """Why it is misbound."""


def look_up(
    said: Reading, figure: Figure, sources: Sequence[Source], rivals: Sequence[Source]
) -> Found:
    """Return the best that any source says of a figure.

    Args:
        said: a sentence of the text.
        figure: one of its figures.
        sources: what the figure may rest on.
        rivals: sentences whose figures may be taken for theirs.
    """
    for source in sources:
        if _bare(said.text) == _bare(source.text):
            return Found(Verdict.EXACT, source)
    clause = next((c for c in said.clauses if c.figure is figure), None)
    found = list(
        _of_setting(said, figure, sources)
        if clause is None
        else _of_quantity(said, clause, sources, rivals)
    )
    best = min(found, key=lambda one: _ORDER.index(one.verdict), default=None)
    return best or Found(Verdict.UNSUPPORTED, None)


def _bare(text: str) -> str:
    """A sentence without marks and capitals: what is copied is right."""
    return " ".join(_WORDS.findall(without_markers(text).lower()))


def _of_quantity(
    said: Reading, clause: Clause, sources: Sequence[Source], rivals: Sequence[Source]
) -> Iterator[Found]:
    for source in sources:
        for stated, forms in source.stated():
            verdict = _agreement(said, clause, forms)
            if verdict is None:
                continue
            reason = objection(said, clause, source, stated, _others(source, rivals))
            yield Found(Verdict.MISBOUND if reason else verdict, source, reason or "")


def _others(source: Source, rivals: Sequence[Source]) -> list[Reading]:
    """The other sentences, those before them included, each once."""
    texts = dict.fromkeys(text for other in (source, *rivals) for text in (other.lead, other.text))
    return [read(text) for text in texts if text and text != source.text]


def _agreement(said: Reading, clause: Clause, stated: Sequence[Figure]) -> Verdict | None:
    forms = (*forms_of(said.text, clause.figure), *_as_age(said, clause.figure))
    verdicts = {_SUPPORT.get(agree(one, other)) for one in forms for other in stated}
    return next((verdict for verdict in _ORDER if verdict in verdicts), None)


def _as_age(said: Reading, figure: Figure) -> tuple[Figure, ...]:
    """A bare number that someone "is" may be an age."""
    bare = figure.kind is FigureKind.COUNT and not said.text[figure.span.end :].strip(" .,")
    is_it = bare and _IS.search(said.text[: figure.span.start])
    return (replace(figure, kind=FigureKind.AGE, unit="year"),) if is_it else ()


def _of_setting(said: Reading, figure: Figure, sources: Sequence[Source]) -> Iterator[Found]:
    """Dates may also be those that the sentence before, the title or the article's day tell."""
    for source in sources:
        for stated in source.reading.figures:
            verdict = _SUPPORT.get(agree(figure, stated))
            if verdict:
                yield Found(verdict, source)
        if figure.kind in _TIMES and _is_known(said, figure, source):
            yield Found(Verdict.EXACT, source)


def _is_known(said: Reading, figure: Figure, source: Source) -> bool:
    around = (*read(source.lead).figures, *read(source.about).figures)
    if any(agree(figure, other) is Agreement.EXACT for other in around):
        return True
    asked = next(
        (
            s.period
            for s in statements(said.text, published=source.published)
            if s.figure.span == figure.span
        ),
        None,
    )
    told = statements(source.reading.text, lead=source.lead or None, published=source.published)
    return asked is not None and any(
        s.period and (s.period.first, s.period.last) == (asked.first, asked.last) for s in told
    )
