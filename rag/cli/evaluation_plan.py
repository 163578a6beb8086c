"""What ``rag eval`` is to ask of which model, and what it is held against."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.evaluation import Floor, Suite

# The same mutations every time, so that two runs can be compared.
_SEED = 1
# Seconds that a question took on two cores on average, with the default model (median 2.4, one in
# twenty 6.9); the model alone and the ceiling together take about as long.
_SECONDS_EACH = 3.0


class Which(StrEnum):
    """Of which split the cases are."""

    DEV = "dev"
    GATE = "gate"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which cases and articles were named."""

    cases: tuple[Path, ...] = ()
    corpus: Path | None = None
    split: Which = Which.GATE
    kinds: tuple[str, ...] = ()
    full: bool = False
    """All shipped cases, on our own articles and, where a corpus is named, on those too."""

    @property
    def is_the_gate(self) -> bool:
        """Whether it is what the shipped floor is for."""
        named = self.cases or self.corpus or self.kinds or self.full
        return not named and self.split is Which.GATE


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked, and what it is held against."""

    suites: tuple[Suite, ...]
    """Of the first model, then of the others."""
    floor: Floor | None
    baseline: Path | None
    mutations: int
    """How many cases of each suite are asked of articles changed for them."""
    models: tuple[str, ...] = ()
    """Names or paths; the first one is asked everything. None at all: that of the settings."""
    controls: bool = False
    """Whether those that need the model run too."""
    full: bool = False

    @property
    def model(self) -> str | None:
        """The first one."""
        return self.models[0] if self.models else None

    def estimate_s(self, suites: Sequence[Suite]) -> float:
        """How long the first model may take over suites on two cores, controls included."""
        from rag.evaluation.control_runs import Control, cases_for

        own = [suite for suite in suites if not suite.model]
        asked = sum(len(suite.cases) for suite in own)
        if self.controls:
            plain = (suite for suite in own if not suite.mutated_from)
            asked += sum(len(cases_for(Control.MODEL_ALONE, suite)) for suite in plain)
        return _SECONDS_EACH * asked


def planned(
    choice: Choice,
    *,
    models: Sequence[str],
    floor: Path | None,
    baseline: Path | None,
    accept: bool,
    mutations: int,
    controls: bool,
) -> Plan:
    """Find the cases, and check all that is named before anything is asked.

    Raises:
        UsageError: cases have no articles, or are to be accepted and have no baseline.
        InputError: a file of cases or the floor is not as it should be.
        ModelMissingError: one of several models is not here.
    """
    suites = _full_suites(choice) if choice.full else _suites(choice)
    _check_models(models)
    return Plan(
        suites=(*suites, *_beside(suites, models[1:], full=choice.full)),
        floor=_floor(floor, shipped=choice.is_the_gate),
        baseline=_baseline_file(baseline, suites, accept=accept),
        mutations=mutations,
        models=tuple(models),
        controls=controls or choice.full,
        full=choice.full,
    )


def mutated(plan: Plan, folder: Path) -> tuple[Suite, ...]:
    """Write suites on articles that were changed: only who reads them is right.

    The articles of another edition are in forms that are read and not written.
    """
    from rag.evaluation.mutation import mutated_suites

    found = []
    asked = [suite for suite in plan.suites if not suite.model and not suite.of_others]
    for suite in asked if plan.mutations else ():
        for changed in mutated_suites(suite.cases, suite.articles, plan.mutations, _SEED):
            articles = folder / "mutated" / f"{suite.name}-{changed.name}"
            shutil.rmtree(articles, ignore_errors=True)
            found.append(changed.write(articles, of=suite.name))
    return tuple(found)


# --- suites --------------------------------------------------------------------------------


def _suites(choice: Choice) -> tuple[Suite, ...]:
    from rag import evaluation
    from rag.paths import checkout_root

    wanted = None if choice.split is Which.ALL else evaluation.Split(choice.split.value)
    found = evaluation.find_suites(choice.cases, choice.corpus, root=checkout_root())
    return evaluation.chosen(found, wanted, choice.kinds)


def _full_suites(choice: Choice) -> tuple[Suite, ...]:
    from rag.errors import UsageError
    from rag.paths import checkout_root

    root = checkout_root()
    if choice.cases or root is None:
        raise UsageError(
            "--full asks the shipped cases, which are only in a checkout; nothing was asked.",
            "Name either cases or --full.",
        )
    ours = replace(choice, cases=(root / "eval" / "cases",), corpus=None, split=Which.ALL)
    theirs = replace(choice, split=Which.ALL)
    return (*_suites(ours), *(_suites(theirs) if choice.corpus else ()))


def _beside(suites: Sequence[Suite], models: Sequence[str], *, full: bool) -> list[Suite]:
    """The suites for other models, of a full run the gate of the first alone: they are slow too."""
    from rag.evaluation import Split, chosen

    asked = chosen(suites[:1], Split.GATE) if full and models else suites
    return [
        replace(suite, name=f"{suite.name}-{_short(model)}", model=model, gated=False)
        for model in models
        for suite in asked
    ]


def _short(model: str) -> str:
    """A model's name, or that of its file: "0.5b" is no suffix."""
    return Path(model).name.removesuffix(".gguf")


def _check_models(models: Sequence[str]) -> None:
    """Several models are looked for first: the last one would else be missed hours later."""
    from rag.models import resolve

    for model in models if len(models) > 1 else ():
        resolve(model)


# --- what it is held against ---------------------------------------------------------------


def _floor(path: Path | None, *, shipped: bool) -> Floor | None:
    from rag.evaluation import load_floor
    from rag.paths import checkout_root

    root = checkout_root()
    if path is None and shipped and root is not None:
        path = root / "eval" / "floor.toml"
    return load_floor(path) if path is not None else None


def _baseline_file(path: Path | None, suites: Sequence[Suite], *, accept: bool) -> Path | None:
    """The file that is named, or else the shipped one where all cases are shipped."""
    from rag.errors import UsageError
    from rag.evaluation.suites import SHIPPED
    from rag.paths import checkout_root

    root = checkout_root()
    if path is None and root is not None and all(suite.name in SHIPPED for suite in suites):
        return root / "eval" / "baseline.json"
    if path is None and accept:
        raise UsageError(
            "There is no baseline for cases of your own; nothing was asked.",
            "Name the file: --baseline FILE.json --accept",
        )
    return path
