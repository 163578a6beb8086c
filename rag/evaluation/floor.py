"""The floor: what a run must reach, read from TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field, NonNegativeInt, TypeAdapter, ValidationError

from rag.errors import InputError
from rag.evaluation.reports import EvalReport, Share

_HINT = "Correct the file; the keys of a floor are described in docs/EVALUATION.md."

ShareFloor = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Floor:
    """Least shares and most faults; None leaves one open."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    right_share: ShareFloor | None = None
    abstention_share: ShareFloor | None = None
    citation_share: ShareFloor | None = None
    """Of any right citation."""
    citation_precision: ShareFloor | None = None
    citation_recall: ShareFloor | None = None
    false_refusal_share_max: ShareFloor | None = None
    wrong_figures_max: NonNegativeInt | None = None
    unsupported_figures_max: NonNegativeInt | None = None
    misbound_figures_max: NonNegativeInt | None = None


def load_floor(path: Path) -> Floor:
    """Read a floor.

    Raises:
        InputError: the file cannot be read, or a key or value is not as it should be.
    """
    try:
        return _FLOOR.validate_python(tomllib.loads(path.read_text("utf-8")))
    except ValidationError as error:
        finding: Any = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in finding["loc"])
        raise InputError(f"{path}: {key}: {finding['msg']}.", _HINT) from error
    except (OSError, ValueError) as error:
        raise InputError(f"The floor {path} cannot be read ({error}).", _HINT) from error


_FLOOR = TypeAdapter(Floor)


def breaches(report: EvalReport, floor: Floor) -> tuple[str, ...]:
    """Return what a run does not reach, one sentence each; nothing where it reaches all.

    A share is compared as it is; its interval is there to be read. A share of nothing reaches no
    floor: a gate that measures nothing must not be passed.
    """
    totals = report.totals
    least = (
        ("right answers", totals.right, floor.right_share),
        ("abstentions where the articles do not say", totals.abstention, floor.abstention_share),
        ("citations of the right sentence", totals.citation, floor.citation_share),
        ("precision of citations", totals.citation_precision, floor.citation_precision),
        ("recall of citations", totals.citation_recall, floor.citation_recall),
    )
    most = (
        ("wrong figures shown", totals.wrong_figures, floor.wrong_figures_max),
        ("unsupported figures", totals.unsupported_figures, floor.unsupported_figures_max),
        ("misbound figures", totals.misbound_figures, floor.misbound_figures_max),
    )
    found = [_low(name, share, bound) for name, share, bound in least if bound is not None]
    if floor.false_refusal_share_max is not None:
        found.append(_high("false refusals", totals.false_refusal, floor.false_refusal_share_max))
    found += [
        f"{name}: {count}, the floor allows {bound}."
        for name, count, bound in most
        if bound is not None and count > bound
    ]
    return tuple(filter(None, found))


def _low(name: str, found: Share, bound: float) -> str | None:
    if found.value is None:
        return f"{name}: no case measures them, the floor asks for {bound:.1%}."
    if found.value < bound:
        return f"{name}: {found.value:.1%} ({found}), the floor asks for {bound:.1%}."
    return None


def _high(name: str, found: Share, bound: float) -> str | None:
    if found.value is None:
        return f"{name}: no case measures them, the floor allows {bound:.1%}."
    if found.value > bound:
        return f"{name}: {found.value:.1%} ({found}), the floor allows {bound:.1%}."
    return None
