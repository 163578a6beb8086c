"""What each case came to when a run was last accepted, and which were lost and won since.

    {"suites": {"seeds": {"nov-stopped": {"outcome": "right", "passed": true,
                                          "settings": "1f3c..."}}},
     "accepted": [{"day": "2025-01-31", "suite": "seeds", "passed": 101, "cases": 136,
                   "settings": "1f3c..."}]}

Cases are compared one by one, for two runs with the same share may fail on other cases. A loss
is significant where McNemar's exact test on the cases that changed says so: p < 0.05
(Q. McNemar, Psychometrika 12, 1947; exact as A. L. Edwards, 1948).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from pydantic import ConfigDict, NonNegativeInt, TypeAdapter, ValidationError

from rag.errors import InputError
from rag.evaluation.reports import CaseResult
from rag.evaluation.scoring import Outcome
from rag.metrics import mcnemar_exact

SIGNIFICANT = 0.05
MUST = "must"
"""Tag of an everyday question that every version has to get right."""

_HINT = "Take it from version control again, or write it anew: rag eval --accept"
# 64 hex digits a case are noise in a diff; 12 tell settings apart.
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One case of an accepted run."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    outcome: Outcome
    passed: bool
    """Right, rightly cited, and no figure without support."""
    settings: str
    """Beginning of the hash of models, prompts and settings."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A suite of an accepted run as a whole."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    day: date
    suite: str
    passed: NonNegativeInt
    cases: NonNegativeInt
    settings: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """Accepted results by suite and case id; ``accepted`` is its history, oldest first."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    suites: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    accepted: tuple[Acceptance, ...] = ()


_BASELINE = TypeAdapter(Baseline)


def load_baseline(path: Path) -> Baseline:
    """Read a baseline; one that is not there is empty.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        return _BASELINE.validate_python(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return Baseline()
    except ValidationError as error:
        finding: Any = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in finding["loc"])
        raise InputError(f"{path}: {where}: {finding['msg']}.", _HINT) from error
    except (OSError, ValueError) as error:
        raise InputError(f"The baseline {path} cannot be read ({error}).", _HINT) from error


def write_baseline(baseline: Baseline, path: Path) -> None:
    """Write a baseline, a case a line and in order, so that a diff shows what changed.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(baseline), "utf-8")
    except OSError as error:
        raise InputError(f"The baseline {path} cannot be written ({error}).") from error


def _text(baseline: Baseline) -> str:
    suites = ",\n".join(
        f"  {json.dumps(name)}: {{\n{_cases(entries)}\n  }}"
        for name, entries in sorted(baseline.suites.items())
    )
    rows = ",\n".join(f"  {json.dumps(asdict(row), default=str)}" for row in baseline.accepted)
    return f'{{"suites": {{\n{suites}\n }},\n "accepted": [\n{rows}\n ]}}\n'


def _cases(entries: Mapping[str, Entry]) -> str:
    lines = (f"   {json.dumps(id_)}: {json.dumps(asdict(e))}" for id_, e in sorted(entries.items()))
    return ",\n".join(lines)


def accept(
    baseline: Baseline,
    suite: str,
    results: Sequence[CaseResult],
    *,
    known: Collection[str],
    day: date,
    settings: str,
) -> Baseline:
    """Return the baseline with these results in place of the older ones.

    Args:
        baseline: what was accepted before.
        suite: name of the suite that the results are of.
        results: of all cases of the suite, or of some: the others stay as they are.
        known: ids of all its cases; entries of others are dropped.
        day: of the run.
        settings: hash of models, prompts and settings.
    """
    kept = {i: entry for i, entry in baseline.suites.get(suite, {}).items() if i in known}
    new = {r.case.id: _entry(r, settings) for r in results}
    entries = kept | new
    passed = sum(entry.passed for entry in entries.values())
    row = Acceptance(day, suite, passed, len(entries), settings[:_DIGITS])
    return Baseline({**baseline.suites, suite: entries}, (*baseline.accepted, row))


def _entry(result: CaseResult, settings: str) -> Entry:
    return Entry(result.score.outcome, result.score.passed, settings[:_DIGITS])


@dataclass(frozen=True, slots=True)
class Comparison:
    """The cases of a run beside what they were when last accepted."""

    lost: tuple[CaseResult, ...]
    """Passed then and not now."""
    won: tuple[CaseResult, ...]
    before: Mapping[str, Entry]
    """What was accepted, by id, of the cases that were asked."""
    new: int
    """Cases that the baseline does not have."""
    same_settings: bool

    @property
    def p_value(self) -> float:
        """Of a change as large as this one, if neither run were better; 1 where none changed."""
        return mcnemar_exact(len(self.lost), len(self.won))

    @property
    def lost_musts(self) -> tuple[CaseResult, ...]:
        """The lost cases that may never be lost."""
        return tuple(result for result in self.lost if MUST in result.case.tags)

    @property
    def significant(self) -> bool:
        """Whether more was lost than won, and more than chance would do."""
        return len(self.lost) > len(self.won) and self.p_value < SIGNIFICANT

    @property
    def failures(self) -> tuple[str, ...]:
        """What the gate does not let through, one sentence each."""
        return tuple(self._failures())

    def _failures(self) -> Iterator[str]:
        if musts := self.lost_musts:
            names = ", ".join(result.case.id for result in musts)
            yield f"lost cases that must never be lost: {names}."
        if self.significant:
            yield (
                f"cases lost against the baseline: {len(self.lost)}, won: {len(self.won)} "
                f"(exact McNemar p = {self.p_value:.3g}, the limit is {SIGNIFICANT})."
            )


def compare_with(
    baseline: Baseline, suite: str, results: Sequence[CaseResult], settings: str
) -> Comparison | None:
    """Compare case by case; None where the baseline has nothing of that suite."""
    entries = baseline.suites.get(suite)
    if not entries:
        return None
    before = {r.case.id: entries[r.case.id] for r in results if r.case.id in entries}
    pairs = [(r, before[r.case.id].passed) for r in results if r.case.id in before]
    return Comparison(
        lost=tuple(r for r, passed in pairs if passed and not r.score.passed),
        won=tuple(r for r, passed in pairs if not passed and r.score.passed),
        before=before,
        new=len(results) - len(pairs),
        same_settings=all(e.settings == settings[:_DIGITS] for e in before.values()),
    )
