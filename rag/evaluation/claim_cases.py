"""Cases of claim checks: a draft's sentence with the verdict expected of each of its figures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import InputError
from rag.schema import JSON, ClaimVerdict

Split = Literal["dev", "final"]
"""What is looked at while the checker is made, and what only its reach is counted on."""


@dataclass(frozen=True, slots=True)
class ExpectedClaim:
    """One figure of a draft, as it is written, and its verdict."""

    figure: str
    verdict: ClaimVerdict


@dataclass(frozen=True, slots=True)
class DraftCase:
    """A sentence of a draft, or a few; all figures that are checked are in ``claims``, in order."""

    id: str
    split: Split
    how: str
    """In which way it came from the articles: "true", "digit changed", "by hand"."""
    text: str
    claims: tuple[ExpectedClaim, ...]
    document: str | None = None
    """The article that decides; None where there is none."""
    quote: str = ""
    """The article's sentence, verbatim."""

    def record(self) -> JSON:
        """The case as a line of the file."""
        return {
            "id": self.id,
            "split": self.split,
            "how": self.how,
            "text": self.text,
            "claims": [{"figure": c.figure, "verdict": c.verdict.value} for c in self.claims],
            "document": self.document,
            "quote": self.quote,
        }


def load_draft_cases(path: Path) -> tuple[DraftCase, ...]:
    """Read a file of cases.

    Raises:
        InputError: it cannot be read, or a line is no case; the message gives its number.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read; nothing was checked.", "Check it.") from error
    return tuple(_case(line, f"{path}:{number}") for number, line in enumerate(lines, start=1))


def _case(line: str, where: str) -> DraftCase:
    try:
        record = json.loads(line)
        claims = tuple(
            ExpectedClaim(claim["figure"], ClaimVerdict(claim["verdict"]))
            for claim in record.pop("claims")
        )
        case = DraftCase(claims=claims, **record)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            f"{where} is no case: {error}", "Each line is as eval/drafts/README.md says."
        ) from error
    if case.split not in {"dev", "final"}:
        raise InputError(f"{where} has the split {case.split!r}.", 'Use "dev" or "final".')
    return case
