"""Copies of a story: which of the made ones are linked, and what is linked beside them.

python -m eval.benchmarks.copies [--articles 600]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from itertools import combinations
from pathlib import Path

from eval.benchmarks.corpus import Plan, write_corpus
from rag.near_duplicates import LEAST_RESEMBLANCE, bands, minhash, resemblance
from rag.readers import discover, read_path
from rag.schema import Document

Pair = frozenset[str]


def linked(articles: Path) -> set[Pair]:
    """The pairs of ids that meet in a band and resemble each other enough."""
    signatures: dict[str, bytes] = {}
    for path in discover([str(articles)]).files:
        for item in read_path(path):
            if isinstance(item, Document) and (signature := minhash([item.text])) is not None:
                signatures[item.info.id] = signature
    meeting: dict[int, list[str]] = {}
    for document, signature in signatures.items():
        for band in bands(signature):
            meeting.setdefault(band, []).append(document)
    near = {frozenset(pair) for group in meeting.values() for pair in combinations(group, 2)}
    return {
        pair
        for pair in near
        if len(pair) == 2
        and resemblance(*(signatures[document] for document in pair)) >= LEAST_RESEMBLANCE
    }


def table(found: set[Pair], truth: dict[Pair, str]) -> str:
    """How many of each kind of copy are linked, and how many pairs that are none."""
    lines = ["| made by | pairs | linked |", "| --- | --: | --: |"]
    for edit in sorted(set(truth.values())):
        pairs = {pair for pair, kind in truth.items() if kind == edit}
        lines.append(f"| {edit} | {len(pairs)} | {len(pairs & found)} |")
    lines.append(f"| no copies, but linked | | {len(found - truth.keys())} |")
    return "\n".join(lines)


def main() -> None:
    """Write a corpus, link, compare with what is true, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=600)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Plan(given.articles), Path(folder))
        made = json.loads((Path(folder) / "truth.json").read_text("utf-8"))["duplicates"]
        truth = {frozenset((d["original"], d["copy"])): str(d["edit"]) for d in made}
        sys.stdout.write(table(linked(Path(folder) / "articles"), truth) + "\n")


if __name__ == "__main__":
    main()
