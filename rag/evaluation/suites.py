"""Which cases are asked of which articles.

| suite | cases | articles |
| --- | --- | --- |
| seeds | eval/cases/seeds.jsonl | seeds/ |
| source | the same | the documents that seeds/ was written from, in the folder that is named |
| other | all other files of eval/cases | eval/articles |
| the name of the file, or ``own`` | a user's own | the folder that is named |
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag.errors import InputError, UsageError
from rag.evaluation.cases import Case, Split, load_cases
from rag.evaluation.corpus import corpus_mapping

SEEDS = "seeds"
SOURCE = "source"
OTHER = "other"
OWN = "own"
SHIPPED = frozenset({SEEDS, SOURCE, OTHER})


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases and the articles that they are asked of."""

    name: str
    cases: tuple[Case, ...]
    articles: Path
    """Folder or file."""
    mapping: Mapping[str, str] | None = None
    """For another edition of the articles, the id there by the id in the cases."""
    known: frozenset[str] = field(default=frozenset())
    """Ids of all cases of the suite, those that are not asked this time included."""
    gated: bool = True
    """Whether floor and baseline are for it; not for articles that were changed on purpose, nor
    for a model beside the first."""
    mutated_from: str = ""
    """The suite whose articles were changed on purpose for this one; empty where none were."""
    model: str = ""
    """A chat model beside that of the run, to compare with it; empty: that of the run."""

    @property
    def of_others(self) -> bool:
        """Whether the articles are another edition than ours, whose text is not ours to print."""
        return self.mapping is not None

    def __post_init__(self) -> None:
        ids = self.known | {case.id for case in self.cases}
        object.__setattr__(self, "known", ids)
        if self.mapping is not None:
            _check_mapping(self.cases, self.mapping)


def find_suites(
    paths: Sequence[Path], corpus: Path | None = None, *, root: Path | None = None
) -> tuple[Suite, ...]:
    """Sort files of cases into suites.

    Args:
        paths: files of cases, or folders of such; none means the shipped cases on seeds/.
        corpus: folder of the articles; needed for cases that are not shipped.
        root: the checkout, where there is one.

    Raises:
        UsageError: no cases are named and none are shipped, or own cases have no articles.
        InputError: a file holds no cases, or the corpus is not what the cases were written for.
    """
    shipped = root / "eval" / "cases" if root else None
    if not paths and shipped is None:
        raise UsageError(
            "The shipped cases and articles are only in a checkout of citeline.",
            "Name your own: rag eval CASES.jsonl --corpus FOLDER",
        )
    files = [file for path in paths for file in _files(path)] or [_seeds_file(shipped)]
    if root is not None and corpus is not None and corpus.resolve() == (root / "seeds").resolve():
        shipped_only = all(_is_seeds(file, shipped) for file in files)
        corpus = None if shipped_only else corpus
    found = []
    if root is not None and (seeds := [file for file in files if _is_seeds(file, shipped)]):
        found.append(_seeds_suite(seeds, corpus, root))
        files = [file for file in files if file not in seeds]
    if root is not None and corpus is None:
        if others := [file for file in files if _is_shipped(file, shipped)]:
            found.append(Suite(OTHER, load_cases(others), root / "eval" / "articles"))
        files = [file for file in files if file not in others]
    if files:
        found.append(_own_suite(files, corpus))
    return tuple(found)


def chosen(
    suites: Sequence[Suite], split: Split | None, kinds: Collection[str] = ()
) -> tuple[Suite, ...]:
    """Keep the cases of a split and of some kinds; None and no kinds keep all.

    Raises:
        InputError: nothing is left.
    """
    kept = [
        replace(
            suite,
            cases=tuple(
                case
                for case in suite.cases
                if split in {None, case.split} and (not kinds or case.kind in kinds)
            ),
        )
        for suite in suites
    ]
    if not any(suite.cases for suite in kept):
        there = ", ".join(sorted({case.kind for suite in suites for case in suite.cases}))
        raise InputError(
            "No case is of that split and kind; nothing was asked.",
            f"Try --split all; the kinds are {there}.",
        )
    return tuple(suite for suite in kept if suite.cases)


def _seeds_suite(files: Sequence[Path], corpus: Path | None, root: Path) -> Suite:
    cases = load_cases(files)
    if corpus is None:
        return Suite(SEEDS, cases, root / "seeds")
    return Suite(SOURCE, cases, corpus, corpus_mapping(root / "seeds", corpus))


def _own_suite(files: Sequence[Path], corpus: Path | None) -> Suite:
    if corpus is None:
        raise UsageError(
            f"{files[0]} does not say which articles it is about; nothing was asked.",
            "Name their folder: rag eval CASES.jsonl --corpus FOLDER",
        )
    name = files[0].stem if len(files) == 1 else OWN
    return Suite(OWN if name in SHIPPED else name, load_cases(files), corpus)


def _files(path: Path) -> list[Path]:
    # A folder without any is named by itself, so that reading it says what is wrong.
    return sorted(path.glob("*.jsonl")) or [path] if path.is_dir() else [path]


def _seeds_file(shipped: Path | None) -> Path:
    return (shipped or Path()) / f"{SEEDS}.jsonl"


def _is_shipped(file: Path, shipped: Path | None) -> bool:
    return shipped is not None and file.resolve().parent == shipped.resolve()


def _is_seeds(file: Path, shipped: Path | None) -> bool:
    return _is_shipped(file, shipped) and file.stem == SEEDS


def _check_mapping(cases: Sequence[Case], mapping: Mapping[str, str]) -> None:
    named = [document for case in cases for document in (*case.documents, case.summarize)]
    documents = dict.fromkeys(document for document in named if document is not None)
    if unknown := [document for document in documents if document not in mapping]:
        raise InputError(
            f"The articles have no counterpart of {', '.join(unknown)}; nothing was asked.",
            "Name the folder of the articles that the cases were written for.",
        )
