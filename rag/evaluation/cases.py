"""Questions with known answers, read from JSON Lines and checked on the way in.

The form of a case is described in docs/EVALUATION.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from rag.errors import InputError
from rag.evaluation.formulas import formula_value
from rag.schema import Bound, FigureKind, Span

_HINT = "Correct that line; the form of a case is described in docs/EVALUATION.md."


def _decimal_string(value: object) -> object:
    """Refuse a JSON number: 0.1 would not be 0.1."""
    if not isinstance(value, str):
        raise ValueError('must be a decimal in quotes, as "46610"')
    return value


def _arithmetic(value: str) -> str:
    if value:
        formula_value(value)
    return value


_WITH_UNIT = frozenset({FigureKind.MONEY, FigureKind.DURATION})

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$", max_length=80)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.:-]*$", max_length=80)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
DecimalString = Annotated[Decimal, BeforeValidator(_decimal_string)]
Formula = Annotated[str, AfterValidator(_arithmetic)]

# A misspelt field is an error, not a field that is passed over.
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class ExpectedFigure:
    """A figure that the answer must give."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    value: DecimalString
    kind: FigureKind
    unit: str = ""
    """As in :class:`rag.schema.Figure`."""
    bound: Bound | None = None
    """None where an answer may bound the figure as it likes."""
    scope: str = ""
    """Who or what is counted, in a few words."""
    period: str = ""
    """When, in a few words."""
    digits: Annotated[int, Field(strict=True, ge=1, le=9)] | None = None
    """Fewest significant digits of a rounded answer that is still right; None: the exact value."""

    def __str__(self) -> str:
        bound = f"{self.bound} " if self.bound not in {None, Bound.EXACT} else ""
        unit = "%" if self.kind is FigureKind.PERCENT else f" {self.unit}" if self.unit else ""
        return f"{bound}{self.value:f}{unit}"

    @model_validator(mode="after")
    def _unit_is_that_of_the_kind(self) -> Self:
        if bool(self.unit) is not (self.kind in _WITH_UNIT):
            raise ValueError("money and durations have a unit, no other kind has")
        return self


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document states the answer."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    document: Words
    """Id of the document."""
    quote: Words
    """Verbatim, one sentence as a rule."""
    start: NonNegativeInt | None = None
    end: NonNegativeInt | None = None
    """Offsets of the quote in the document's text, half-open; None where they are not known."""

    @property
    def span(self) -> Span | None:
        """The offsets, where they are known."""
        if self.start is None or self.end is None:
            return None
        return Span(self.start, self.end)

    @model_validator(mode="after")
    def _offsets_are_those_of_the_quote(self) -> Self:
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end go together")
        if self.start is not None and self.end != self.start + len(self.quote):
            raise ValueError(f"end must be start + {len(self.quote)}, the length of the quote")
        return self


class Split(StrEnum):
    """What a case is for: no figure is asked for in both."""

    DEV = "dev"
    """Looked at while the program is written."""
    GATE = "gate"
    """Only ever counted."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what an answer to it must and must not say."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: Name
    kind: Name
    """Row of the report's table."""
    question: Words
    answerable: bool
    """Whether the articles give the answer; if not, the answer must be an abstention."""
    split: Split = Split.GATE
    conflict: bool = False
    """Whether articles contradict each other here: all figures must be shown, as a conflict."""
    formula: Formula = ""
    """The arithmetic behind the one figure, where that is computed from stated ones."""
    summarize: Words | None = None
    """Id of the document to sum up; ``figures`` are then its key figures."""
    figures: tuple[ExpectedFigure, ...] = ()
    texts: tuple[Annotated[tuple[Words, ...], Field(min_length=1)], ...] = ()
    """Of each group, one alternative must stand in the answer."""
    sources: tuple[Source, ...] = ()
    """Each of them answers the question alone or is needed for a part of it."""
    allowed: tuple[DecimalString, ...] = ()
    """Values that may stand in the answer beside the expected figures."""
    forbidden: tuple[Words, ...] = ()
    """Values (where they are decimals) and words that make an answer wrong."""
    tags: tuple[Tag, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents that state the answer, each once."""
        return tuple(dict.fromkeys(source.document for source in self.sources))

    @property
    def expected(self) -> str:
        """What the answer must say, for people."""
        if not self.answerable:
            return "an abstention"
        texts = (" or ".join(map(repr, group[:2])) for group in self.texts)
        return " and ".join([*map(str, self.figures), *texts])

    @property
    def forbidden_values(self) -> tuple[Decimal, ...]:
        """Those of the forbidden that are numbers."""
        return tuple(value for text in self.forbidden if (value := _number(text)) is not None)

    @property
    def forbidden_texts(self) -> tuple[str, ...]:
        """Those of the forbidden that are words."""
        return tuple(text for text in self.forbidden if _number(text) is None)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        expected = bool(self.figures or self.texts)
        if self.answerable and not expected:
            raise ValueError("figures or texts must say what is expected")
        if self.answerable and not self.sources:
            raise ValueError("sources must say where the answer stands")
        if not self.answerable and (expected or self.sources):
            raise ValueError("a case that is not answerable has no figures, texts or sources")
        if self.conflict and len(self.figures) + len(self.texts) < 2:
            raise ValueError("a conflict has two sides")
        if self.formula and len(self.figures) != 1:
            raise ValueError("a formula is that of one figure")
        if self.summarize and not self.figures:
            raise ValueError("figures must say which are the key figures of the article")
        if both := {figure.value for figure in self.figures} & set(self.forbidden_values):
            raise ValueError(f"{both.pop()} is both expected and forbidden")
        if both := set(self.allowed) & set(self.forbidden_values):
            raise ValueError(f"{both.pop()} is both allowed and forbidden")
        return self


def load_cases(paths: Sequence[Path]) -> tuple[Case, ...]:
    """Read the cases of files, and of the ``*.jsonl`` of folders, in order.

    Blank lines are passed over.

    Raises:
        InputError: there is no such file, it holds no case, a line is no case (the message names
            file, line and field), or two cases have the same id.
    """
    files = [file for path in paths for file in _files(path)]
    first: dict[str, str] = {}
    cases = []
    for file in files:
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            where = f"{file}, line {number}"
            case = parse_case(line, where)
            if case.id in first:
                raise InputError(f"{where}: {case.id!r} is the id of {first[case.id]} too.", _HINT)
            first[case.id] = where
            cases.append(case)
    if not cases:
        names = ", ".join(map(str, paths)) or "nothing"
        raise InputError(f"There are no cases in {names}; nothing was asked.", _HINT)
    return tuple(cases)


def parse_case(line: str, where: str) -> Case:
    """Read one case.

    Args:
        line: a JSON object.
        where: what to call the line in an error.

    Raises:
        InputError: it is no case; the message names the field.
    """
    try:
        return _CASE.validate_python(json.loads(line))
    except ValidationError as error:
        raise InputError(f"{where}: {_finding(error)}.", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: it is no JSON ({error}).", _HINT) from error


_CASE = TypeAdapter(Case)


def _finding(error: ValidationError) -> str:
    """The first of pydantic's findings, as one line."""
    finding: Any = error.errors(include_url=False)[0]
    field = ".".join(str(key) for key in finding["loc"])
    return f"{field or 'case'}: {finding['msg'].removeprefix('Value error, ')}"


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def _lines(file: Path) -> list[str]:
    try:
        # Not splitlines, which also breaks at characters that JSON strings may hold.
        return file.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read ({error}); nothing was asked.", _HINT) from error


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
