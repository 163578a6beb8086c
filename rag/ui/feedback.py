"""What a reader says of an answer, as a case for evaluation (its form: docs/EVALUATION.md)."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rag.citations import strip_markers
from rag.errors import InputError, LibraryError
from rag.figures import find_figures
from rag.schema import JSON, QUANTITIES, Answer, Bound, Citation, Figure, FigureKind, Status
from rag.ui.pieces.answers import nearest

CASES = "cases.jsonl"
_WITH_UNIT = frozenset({FigureKind.MONEY, FigureKind.DURATION})
_writing = threading.Lock()


def case_of_right(answer: Answer) -> JSON:
    """The case that an answer which a reader calls right makes.

    Raises:
        InputError: a conflict of which the sides have no figures.
    """
    if answer.status is Status.ABSTAINED:
        return _case(answer, answerable=False)
    conflict = answer.status is Status.CONFLICT
    figures = _asked([checked.figure for checked in answer.figures])
    if conflict and len(figures) < 2:
        raise InputError("Not saved: the sides of this conflict have no two figures to expect.")
    return _case(
        answer,
        answerable=True,
        conflict=conflict,
        **_expected(figures, strip_markers(answer.text)),
        sources=[_source(citation) for citation in answer.citations],
    )


def case_of_wrong(answer: Answer, right: str) -> JSON:
    """The case of an answer that a reader calls wrong.

    Args:
        answer: what was shown.
        right: what would have been right; empty where the articles do not say.

    Raises:
        InputError: no sentence that was found states what would have been right.
    """
    shown = {_plain(checked.figure) for checked in answer.figures}
    if not right.strip():
        return _case(answer, answerable=False, forbidden=sorted(shown))
    figures = _asked(find_figures(right))
    stating = [c for c in _found(answer) if _states(c.quote, figures, right)]
    if not stating:
        raise InputError(
            "Not saved: no sentence that was found states this.",
            "Write the figure as the article has it, or leave the field empty where no article "
            "says it.",
        )
    return _case(
        answer,
        answerable=True,
        **_expected(figures, right.strip()),
        sources=[_source(stating[0])],
        forbidden=sorted(shown - {_plain(figure) for figure in figures}),
    )


def save_case(case: JSON, folder: Path) -> Path:
    """Write a case to the library's file of cases, in the place of an earlier one of its id.

    Raises:
        LibraryError: the file cannot be written.
    """
    path = folder / CASES
    try:
        with _writing:
            lines = path.read_text("utf-8").splitlines() if path.exists() else []
            kept = [line for line in lines if json.loads(line).get("id") != case["id"]]
            written = "\n".join([*kept, json.dumps(case, ensure_ascii=False)]) + "\n"
            draft = path.with_suffix(".new")
            draft.write_text(written, "utf-8")
            draft.replace(path)
    except (OSError, ValueError) as error:
        raise LibraryError(
            f"The case was not saved: {path} cannot be used ({error}).",
            "Move the file away, or make the library's folder writable.",
        ) from error
    return path


def _case(answer: Answer, **fields: Any) -> JSON:
    digest = hashlib.sha256(answer.question.encode("utf-8", "replace")).hexdigest()
    return {
        "id": f"page-{digest[:12]}",
        "split": "dev",
        "kind": answer.status.value,
        "question": answer.question,
        **fields,
        "tags": ["page"],
    }


def _expected(figures: Sequence[Figure], words: str) -> JSON:
    """The figures of an answer, or its words where it has none."""
    if not figures:
        return {"texts": [[words]]}
    return {
        "figures": [
            {
                "value": _plain(figure),
                "kind": figure.kind.value,
                "unit": figure.unit if figure.kind in _WITH_UNIT else "",
                "bound": None if figure.bound is Bound.EXACT else figure.bound.value,
            }
            for figure in figures
        ]
    }


def _asked(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that were asked for: seldom a time or a name where there is a quantity."""
    usable = [f for f in figures if bool(f.unit) or f.kind not in _WITH_UNIT]
    return [f for f in usable if f.kind in QUANTITIES] or usable


def _found(answer: Answer) -> tuple[Citation, ...]:
    """All sentences that were found, cited ones first."""
    found = {(c.document.id, c.span): c for c in (*answer.citations, *nearest(answer))}
    for evidence in answer.evidence:
        sentence = evidence.sentence
        key = (evidence.document.id, sentence.span)
        found.setdefault(key, Citation(0, evidence.document, sentence.span, sentence.text))
    return tuple(found.values())


def _states(sentence: str, figures: Sequence[Figure], words: str) -> bool:
    if not figures:
        return words.strip().casefold() in sentence.casefold()
    stated = {(figure.kind, figure.value) for figure in find_figures(sentence)}
    return all((figure.kind, figure.value) in stated for figure in figures)


def _source(citation: Citation) -> JSON:
    span = citation.span
    return {
        "document": citation.document.id,
        "quote": citation.quote,
        "start": span.start,
        "end": span.end,
    }


def _plain(figure: Figure) -> str:
    text = format(figure.value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
