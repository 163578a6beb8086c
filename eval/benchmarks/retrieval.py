"""How well the right sentences are found: rankings, weights of fusion, lengths of passages.

python -m eval.benchmarks.retrieval [--work DIR]

Prints Markdown tables for docs/PERFORMANCE.md. The corpus, its libraries and all vectors are
kept in DIR, so that a second run takes a minute; without DIR they go into a temporary folder.
The first takes about ten minutes. Where other programs keep the cores busy, set
OPENBLAS_NUM_THREADS=1: two threads that wait for each other embedded 170 tokens a second, one
1,500.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path

from eval.benchmarks.corpus import Plan, write_corpus
from eval.benchmarks.questions import KINDS, Gold, Question
from eval.benchmarks.rankings import (
    RANKINGS,
    TODAY,
    TOP,
    Fusion,
    Score,
    mean_reciprocal,
    scores,
    share_of,
)
from eval.benchmarks.searches import Bench, Found, indexed
from rag.settings import Settings

LENGTHS = (64, 96, 128, 192, 256)
_SMALL = Plan(articles=500, seed=1, mean_words=350, questions=420)
_CHECKED = 20
"""Questions on which the fusion here is compared with that of rag.retrieval."""

_SENTENCE_WEIGHTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
_PASSAGE_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 2.0)
_CONSTANTS = (1, 5, 10, 20, 40, 60)
_SHOWN = 12

_COLUMNS = f"all evidence in {TOP} | any in {TOP} | MRR"


def measure(plan: Plan, work: Path, lengths: Sequence[int], note: Callable[[str], None]) -> str:
    """Write the corpus, index it at each length, and return all tables as Markdown.

    Args:
        plan: of the corpus.
        work: folder that keeps everything from run to run.
        lengths: of passages, in word pieces; today's is measured in any case.
        note: told what is going on.

    Raises:
        MissingPartError: the embedder is not on this machine.
    """
    folder = work / f"corpus-{plan.articles}-{plan.mean_words}-{plan.seed}-{plan.questions}"
    if not (folder / "retrieval.jsonl").exists():
        write_corpus(plan, folder)
    questions = load_questions(folder / "retrieval.jsonl")
    today = Settings().passage_tokens
    found: dict[int, list[Found]] = {}
    passages: dict[int, int] = {}
    for tokens in sorted({*lengths, today}):
        note(f"passages of up to {tokens} tokens")
        with indexed(folder / "articles", folder, tokens) as bench:
            found[tokens], passages[tokens] = bench.found(questions), bench.n_passages
            if tokens == today:
                note(_agreement(found[today], bench))
    lost = sum(not group for one in found[today] for group in one.gold)
    note(f"{lost} pieces of evidence are in no sentence of the library")
    tables = [
        ranking_table(found[today]),
        kind_table(found[today]),
        *weight_tables(found[today]),
        length_table(found, passages),
    ]
    return "\n\n".join(tables)


def load_questions(path: Path) -> list[Question]:
    """Read the questions that :mod:`eval.benchmarks.corpus` wrote.

    Raises:
        OSError: the file cannot be read.
    """
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Question(
            id=record["id"],
            kind=record["kind"],
            question=record["question"],
            about=tuple(record["about"]),
            gold=tuple(tuple(Gold(**gold) for gold in group) for group in record["gold"]),
        )
        for record in records
    ]


def ranking_table(found: Sequence[Found]) -> str:
    """Compare what each search finds alone with what they find together."""
    rows = [f"| {name} | {_row(scores(ranking, found))} |" for name, ranking in RANKINGS.items()]
    return _table(f"ranking | {_COLUMNS}", rows)


def kind_table(found: Sequence[Found]) -> str:
    """Compare the rankings by kind of question: all evidence among the first ten."""
    results = {name: scores(ranking, found) for name, ranking in RANKINGS.items()}
    rows = []
    for kind in KINDS:
        of_kind = [[s for s in result if s.kind == kind] for result in results.values()]
        cells = " | ".join(share_of([s.all_found for s in some]) for some in of_kind)
        rows.append(f"| {kind} ({len(of_kind[0])}) | {cells} |")
    return _table(" | ".join(["kind of question", *results]), rows)


def weight_tables(found: Sequence[Found]) -> list[str]:
    """Sweep weights, then the constant; and say what choosing on one half gives on the other."""
    grid = [
        Fusion(sentence=sentence, passage=passage)
        for sentence, passage in product(_SENTENCE_WEIGHTS, _PASSAGE_WEIGHTS)
    ]
    results = {fusion: scores(fusion, found) for fusion in grid}
    best = sorted(results, key=lambda fusion: _goodness(results[fusion]), reverse=True)
    shown = dict.fromkeys([*best[:_SHOWN], TODAY, best[-1]])
    constants = {c: scores(Fusion(constant=c), found) for c in _CONSTANTS}
    return [
        _table(
            f"weight of sentences, passages, words | {_COLUMNS} | won, lost against today",
            [f"| {_name(f)} | {_row(results[f])} | {_won(results[f], found)} |" for f in shown],
        ),
        _cross_check(results),
        _table(
            f"constant of fusion | {_COLUMNS} | won, lost against today",
            [
                f"| {c} | {_row(result)} | {_won(result, found)} |"
                for c, result in constants.items()
            ],
        ),
    ]


def length_table(found: Mapping[int, Sequence[Found]], passages: Mapping[int, int]) -> str:
    """Compare lengths of passages, by passages alone and fused.

    Ten sentences are two long passages or four short ones, thirty passages are more text where
    they are long: the two columns of passages alone err in opposite directions.
    """
    rows = []
    for tokens, some in found.items():
        alone = share_of([s.all_found for s in scores(RANKINGS["passages alone"], some)])
        held = [all(not g.isdisjoint(one.dense) for g in one.gold) for one in some]
        fused = scores(TODAY, some)
        won = _won(fused, found[Settings().passage_tokens])
        rows.append(
            f"| {tokens} | {passages[tokens]:,} | {alone} | {share_of(held)} "
            f"| {_row(fused)} | {won} |"
        )
    depth = Settings().search_depth
    alone = f"passages alone: all in {TOP} sentences | in {depth} passages"
    head = f"tokens | passages | {alone} | fused: {_COLUMNS}"
    return _table(f"{head} | won, lost against today", rows)


def sign_test(won: int, lost: int) -> float:
    """Return how likely as uneven a split, or a more uneven one, is by chance, 0 to 1.

    >>> sign_test(5, 0), sign_test(3, 3)
    (0.0625, 1.0)
    """
    n = won + lost
    tail = sum(math.comb(n, k) for k in range(min(won, lost) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def _table(head: str, rows: Sequence[str]) -> str:
    rule = "|".join([" --- "] * len(head.split(" | ")))
    return "\n".join([f"| {head} |", f"|{rule}|", *rows])


def _row(result: Sequence[Score]) -> str:
    every, some = [s.all_found for s in result], [s.any_found for s in result]
    return f"{share_of(every)} | {share_of(some)} | {mean_reciprocal(result):.3f}"


def _won(result: Sequence[Score], found: Sequence[Found]) -> str:
    """Questions won and lost against today's settings, and how likely by chance.

    Won is a question that has all its evidence in the first ten with this and not with today's.
    The likelihood is that of a sign test, of both sides: the exact test of McNemar (1947).
    """
    pairs = list(zip(result, scores(TODAY, found), strict=True))
    won = sum(one.all_found and not today.all_found for one, today in pairs)
    lost = sum(today.all_found and not one.all_found for one, today in pairs)
    return f"+{won} −{lost} (p {sign_test(won, lost):.2f})"


def _name(fusion: Fusion) -> str:
    today = " (today)" if fusion == TODAY else ""
    return f"{fusion.sentence:g}, {fusion.passage:g}, {fusion.word:g}{today}"


def _goodness(result: Sequence[Score]) -> tuple[int, float]:
    return sum(s.all_found for s in result), mean_reciprocal(result)


def _cross_check(results: Mapping[Fusion, Sequence[Score]]) -> str:
    """Choose weights on every second question and tell how they do on the others."""
    lines = []
    for first in (0, 1):
        chosen = max(results, key=lambda fusion: _goodness(results[fusion][first::2]))
        there, today = results[chosen][1 - first :: 2], results[TODAY][1 - first :: 2]
        lines.append(
            f"- {_name(chosen)} is best on one half of the questions; on the other half "
            f"{sum(s.all_found for s in there)} of {len(there)} have all evidence in {TOP}, "
            f"with today's weights {sum(s.all_found for s in today)}."
        )
    return "\n".join(lines)


def _agreement(found: Sequence[Found], bench: Bench) -> str:
    """Compare the fusion here with that of citeline, which leaves out what a copy repeats."""
    some = found[:: max(1, len(found) // _CHECKED)]
    ranked = bench.as_rag_ranks([one.question.question for one in some], TOP)
    here = [TODAY(one) for one in some]
    same = sum(_in_order(keys, ours) for keys, ours in zip(ranked, here, strict=True))
    left_out = sum(len(set(o[:TOP]) - set(k)) for k, o in zip(ranked, here, strict=True))
    return (
        f"rag.retrieval has the same order for {same} of {len(some)} questions; "
        f"{left_out} of the first {TOP} are not among its own"
    )


def _in_order(part: Sequence[int], whole: Sequence[int]) -> bool:
    """Whether all of ``part`` come in ``whole`` in that order, others between them or not."""
    rest = iter(whole)
    return all(key in rest for key in part)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure as the command line says, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, prog="eval.benchmarks.retrieval")
    parser.add_argument("--work", type=Path, help="folder that keeps everything")
    parser.add_argument("--articles", type=int, default=_SMALL.articles)
    parser.add_argument("--questions", type=int, default=_SMALL.questions)
    parser.add_argument("--words", type=int, default=_SMALL.mean_words)
    parser.add_argument("--seed", type=int, default=_SMALL.seed)
    parser.add_argument("--lengths", type=int, nargs="*", default=LENGTHS)
    given = parser.parse_args(arguments)
    plan = Plan(given.articles, given.seed, given.words, given.questions)

    def note(message: str) -> None:
        sys.stderr.write(f"{message}\n")

    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        sys.stdout.write(measure(plan, work, given.lengths, note) + "\n")


if __name__ == "__main__":
    main()
