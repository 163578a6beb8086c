"""How well drafts are checked: precision and recall of each verdict, and the speed.

    python -m eval.benchmarks.claims [--library DIR] [--split dev|final|both] [--wrong]

Prints Markdown tables for docs/CHECKING.md. The articles of seeds/ and eval/articles are indexed
into a library, which DIR keeps for the next run. ``--wrong`` lists what went wrong: for the split
that is looked at while the checker is made, never for the other.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rag.evaluation.claim_cases import DraftCase, load_draft_cases
from rag.evaluation.claim_scores import ClaimResult, Share, check_cases, precision, recall
from rag.pipeline import Pipeline
from rag.schema import CheckedDraft, ClaimVerdict
from rag.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = ("seeds", "eval/articles")
FILES = {"rule": "made by rule", "hand": "paraphrased by hand"}
_MINUTE_S = 60.0


class Quiet:
    """An observer of indexing that draws nothing."""

    def files(self, total: int) -> None:
        """So many files."""

    def file_done(self, path: str) -> None:
        """One more."""

    def passages(self, total: int) -> None:
        """So many passages."""

    def passages_done(self, count: int) -> None:
        """So many more."""

    def note(self, message: str) -> None:
        """Pass it over."""


def cases(name: str, split: str) -> tuple[DraftCase, ...]:
    """The cases of a file whose split is asked for."""
    loaded = load_draft_cases(ROOT / "eval" / "drafts" / f"{name}.jsonl")
    return tuple(case for case in loaded if split in {"both", case.split})


def table(results: Sequence[ClaimResult]) -> str:
    """A row a verdict: precision, recall, and their 95% intervals."""
    rows = ["| verdict | precision | recall |", "| --- | --- | --- |"]
    rows += [
        f"| {v.value} | {_cell(precision(results, v))} | {_cell(recall(results, v))} |"
        for v in ClaimVerdict
    ]
    return "\n".join(rows)


def measure(check: Callable[[str], CheckedDraft], split: str) -> str:
    """Check all cases and return the tables."""
    pieces = []
    for name, how in FILES.items():
        results = check_cases(cases(name, split), check)
        right = sum(result.given is result.expected for result in results)
        pieces.append(f"Sentences {how}: {right} of {len(results)} figures right.")
        pieces.append(table(results))
    return "\n\n".join(pieces)


def speed(check: Callable[[str], CheckedDraft]) -> str:
    """Figures a minute over all sentences of the cases as one draft.

    In time of the processor, all threads together: what else the machine does is no matter.
    """
    every = [case.text for name in FILES for case in cases(name, "both")]
    started = time.process_time()
    checked = check("\n\n".join(every))
    seconds = time.process_time() - started
    return f"{len(checked.claims) / seconds * _MINUTE_S:,.0f} figures a minute on one core."


def wrong(results: Sequence[ClaimResult]) -> str:
    """A line a figure whose verdict is another one."""
    return "\n".join(
        f"{r.case.id}: {r.figure}: {r.given.value if r.given else 'not seen'}, "
        f"should be {r.expected.value}\n    {r.case.text}"
        for r in results
        if r.given is not r.expected
    )


def _cell(of: Share) -> str:
    if of.value is None or of.interval is None:
        return "–"
    low, high = of.interval
    return f"{of.part}/{of.whole} = {of.value:.2f} ({low:.2f}–{high:.2f})"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--library", type=Path)
    parser.add_argument("--split", choices=("dev", "final", "both"), default="both")
    parser.add_argument("--wrong", action="store_true", help="of the dev split")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Pipeline(Settings(library=given.library or Path(folder))) as pipeline,
    ):
        pipeline.index([str(ROOT / name) for name in ARTICLES], observer=Quiet())
        # The library is read anew for each draft; the sentences of a draft share what was read.
        check = pipeline.check
        if given.wrong:
            for name in FILES:
                print(wrong(check_cases(cases(name, "dev"), check)), file=sys.stderr)
        print(measure(check, given.split))
        print(f"\n{speed(check)}")


if __name__ == "__main__":
    main()
