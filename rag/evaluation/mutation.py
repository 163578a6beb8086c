"""The same questions on articles that say something else: does the answer follow the articles?

A figure that was asked for is changed, or swapped with another of its kind, or its sentence is
taken out. Who answers from memory, or from the look of the question, is then wrong. Mutations
that do not touch each other's sentences share one set of articles, so that few are indexed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.evaluation.cases import Case, Source
from rag.evaluation.editing import Article, edited, moved, read_articles
from rag.evaluation.mutating import Articles, Mutated, Mutation, Skip, mutate
from rag.evaluation.occurrences import source_span
from rag.evaluation.suites import Suite


@dataclass(frozen=True, slots=True)
class MutatedSuite:
    """Articles that were changed, and the cases that go with them."""

    name: str
    cases: tuple[Case, ...]
    files: Mapping[Path, str]
    """Every article of the folder, changed or not: its Markdown by its path in the folder."""

    def write(self, folder: Path, *, of: str = "") -> Suite:
        """Write the articles into a folder, made where it is not there, to be asked there.

        Neither floor nor baseline is for such a suite.

        Args:
            folder: for the articles.
            of: name of the suite that the articles are from.
        """
        for path, text in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        name = f"{of}-{self.name}" if of else self.name
        return Suite(name, self.cases, folder, gated=False, mutated_from=of or self.name)


def mutated_suites(
    cases: Sequence[Case], articles_dir: Path, n: int, seed: int
) -> tuple[MutatedSuite, ...]:
    """Return ``n`` mutations of cases, or as many as there are, in as few suites as they fit in.

    The three mutations are taken in equal numbers as far as possible; the same arguments always
    give the same suites.

    Args:
        cases: those on the articles.
        articles_dir: folder of Markdown articles.
        n: how many mutated cases are wanted.
        seed: of the choice of cases and of new values.

    Raises:
        InputError: the folder holds no Markdown, or an article that cannot be read.
    """
    articles = read_articles(articles_dir)
    waiting = list(mutations(cases, articles, seed)[0])
    random.Random(seed).shuffle(waiting)  # noqa: S311 - the same seed, the same choice
    wanted = _shares(waiting, n)
    uses: Counter[str] = Counter()
    suites: list[MutatedSuite] = []
    while packed := _packed(waiting, articles, wanted, uses):
        waiting = [mutated for mutated in waiting if mutated not in packed]
        suites.append(_suite(f"mutated-{len(suites) + 1}", packed, articles))
    return tuple(suites)


def mutations(
    cases: Sequence[Case], articles: Articles, seed: int
) -> tuple[tuple[Mutated, ...], Mapping[Mutation, Counter[Skip]]]:
    """Return every mutation of every case, and how often there is none, for which reason."""
    found = []
    skipped: Mapping[Mutation, Counter[Skip]] = {mutation: Counter() for mutation in Mutation}
    for case in cases:
        if not case.answerable:
            continue
        for mutation in Mutation:
            result = mutate(case, mutation, articles, seed)
            if isinstance(result, Skip):
                skipped[mutation][result] += 1
            else:
                found.append(result)
    return tuple(found), skipped


def _shares(found: Sequence[Mutated], n: int) -> Counter[Mutation]:
    """How many of each mutation make ``n``: as many of each, as far as there are."""
    left = Counter(mutated.mutation for mutated in found)
    wanted: Counter[Mutation] = Counter()
    while wanted.total() < min(n, len(found)):
        for mutation in Mutation:
            if left[mutation] and wanted.total() < n:
                left[mutation] -= 1
                wanted[mutation] += 1
    return wanted


def _packed(
    waiting: Sequence[Mutated],
    articles: Articles,
    wanted: Counter[Mutation],
    uses: Counter[str],
) -> list[Mutated]:
    """Take mutations in turn that can share one set of articles, cases seldom used first.

    ``wanted`` is lowered, ``uses`` raised by what is taken.
    """
    packed: list[Mutated] = []
    fitting = list(waiting)
    while any(wanted[mutated.mutation] for mutated in fitting):
        for mutation in Mutation:
            of_it = [mutated for mutated in fitting if mutated.mutation is mutation]
            if not of_it or not wanted[mutation]:
                continue
            taken = min(of_it, key=lambda mutated: uses[mutated.of])
            fitting.remove(taken)
            if not _reads_as_one([*packed, taken], articles):
                continue
            packed.append(taken)
            wanted[mutation] -= 1
            uses[taken.of] += 1
            fitting = [mutated for mutated in fitting if _apart(mutated, taken)]
    return packed


def _reads_as_one(packed: Sequence[Mutated], articles: Articles) -> bool:
    return all(_edited(articles[id_], packed) for id_ in packed[-1].documents)


def _apart(one: Mutated, other: Mutated) -> bool:
    """Whether neither edits what the other edits or reads, nor brings in a value of the other."""
    values = [{value for pair in mutated.values for value in pair} for mutated in (one, other)]
    return not (
        one.touches & (other.touches | other.reads)
        or other.touches & one.reads
        or values[0] & values[1]
    )


def _edited(article: Article, packed: Sequence[Mutated]) -> Article | None:
    id_ = article.document.info.id
    return edited(article, [e for mutated in packed for e in mutated.edits if e.key[0] == id_])


def _suite(name: str, packed: Sequence[Mutated], articles: Articles) -> MutatedSuite:
    new = {id_: _edited(article, packed) or article for id_, article in articles.items()}
    cases = tuple(_placed(mutated, packed, articles, new) for mutated in packed)
    return MutatedSuite(name, cases, {article.path: article.raw for article in new.values()})


def _placed(mutated: Mutated, packed: Sequence[Mutated], old: Articles, new: Articles) -> Case:
    """The case with its quotes as they are now, and the near-misses that others changed."""
    sources = tuple(
        _moved_source(source, old[source.document], new[source.document], packed)
        for source in mutated.case.sources
    )
    near = {source.document for source in sources}
    others = [
        pair
        for other in packed
        if other is not mutated and other.documents & near
        for pair in other.values
    ]
    case = mutated.case
    said = {*case.allowed, *case.forbidden_values, *(figure.value for figure in case.figures)}
    allowed = [now for was, now in others if was in case.allowed and now not in said]
    wrong = [now for was, now in others if was in case.forbidden_values and now not in said]
    return replace(
        case,
        sources=sources,
        allowed=(*case.allowed, *dict.fromkeys(allowed)),
        forbidden=(*case.forbidden, *(f"{value:f}" for value in dict.fromkeys(wrong))),
    )


def _moved_source(source: Source, old: Article, new: Article, packed: Sequence[Mutated]) -> Source:
    span = source_span(old, source.quote, source.span)
    edits = [edit for mutated in packed for edit in mutated.edits]
    now = moved(span, old, new, edits) if span is not None else None
    if now is None:
        raise AssertionError(f"{source.quote!r} was edited by another case")
    quote = new.document.text[now.start : now.end]
    return Source(source.document, quote, now.start, now.end)
