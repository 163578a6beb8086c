"""Five hundred mixed files, broken and hostile ones among them, indexed as one folder.

    python -m eval.benchmarks.mixed_files [--files 500] [--out DIR] [--small] [--quick]

Each file has a fate that is known before: it is read, refused for a reason, or skipped. The
folder is indexed with a quick embedder, then once more (all must be unchanged), then with half of
the files deleted and ``prune``. Prints a Markdown table by kind; seconds and memory are those of a
process that reads and cuts the files of that kind alone. The same files come out each time, but
for the keys of the encrypted ones.

Exit code 1 when a file has another fate, or when anything was lost.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from eval.benchmarks.good_files import write_good
from eval.benchmarks.hostile import write_hostile
from eval.benchmarks.manifest import SMALL, Expected, Fate, Folder, Sizes, write_manifest
from eval.benchmarks.truncating import truncated_when_opened
from rag.chunking import PassageChunker
from rag.cutting import cut_file
from rag.fakes import HashEmbedder
from rag.ingestion import IndexReport, Ingestor
from rag.library import Library
from rag.readers import discover
from rag.schema import Refusal

_EMBEDDER = HashEmbedder(16)
_MAX_TOKENS = 254


def count_pieces(text: str) -> int:
    """About as many word pieces as the default embedder finds."""
    return len(text) // 4 + 2


_CHUNKER = PassageChunker(count_pieces, _MAX_TOKENS)


def write_files(root: Path, n_files: int, sizes: Sizes) -> list[Expected]:
    """Fill a folder with hostile files, and with good ones up to ``n_files``."""
    root.mkdir(parents=True)
    folder = Folder(root.resolve(), sizes)
    write_hostile(folder)
    write_good(folder, n_files - len(folder.expected))
    return folder.expected


class Run:
    """Indexes a folder again and again into one library, and looks for what went wrong.

    Args:
        library: open for writing.
        root: the folder.
    """

    def __init__(self, library: Library, root: Path) -> None:
        self._library = library
        self._root = root
        self.wrong: list[str] = []

    def index(self, *, prune: bool = False) -> IndexReport:
        """Do what ``rag index`` does, with a quick embedder."""
        ingestor = Ingestor(
            self._library, _CHUNKER, _EMBEDDER.name, lambda _: _EMBEDDER, recipe="mixed"
        )
        return ingestor.index(
            [str(self._root)], stdin=b"", prune=prune, observer=_Silent(), stop=lambda: False
        )

    def check_fates(self, expected: Sequence[Expected], report: IndexReport) -> None:
        """Hold that each file had its fate, and that there is nothing beside them."""
        refused, skipped = _by_file(report.refused), _by_file(report.skipped)
        held = self.texts()
        for one in expected:
            fates = (held.get(str(one.path), []), refused.get(str(one.path), []))
            for fault in _faults(one, *fates, skipped.get(str(one.path), [])):
                self.wrong.append(f"{one.kind}: {one.path.name!r} {fault}")
        beside = {*held, *refused, *skipped} - {str(one.path) for one in expected}
        self.wrong += [f"nobody wrote {path!r}" for path in sorted(beside)]

    def check_unchanged(
        self, first: IndexReport, second: IndexReport, by_chance: frozenset[str]
    ) -> None:
        """Hold that a second run changes nothing and says the same."""
        changed = {*second.added, *second.updated, *second.removed} - {
            info.id for info in self._library.documents() if info.source in by_chance
        }
        if changed or second.skipped != first.skipped:
            self.wrong.append(f"the second run changed {sorted(changed)}")
        before, after = (
            {r for r in x.refused if r.source not in by_chance} for x in (first, second)
        )
        self.wrong += [f"refused once only: {refusal}" for refusal in before ^ after]

    def check_pruned(self, report: IndexReport, before: Mapping[str, list[str]]) -> None:
        """Hold that just the documents of deleted files are gone."""
        after = self.texts()
        kept = {path: texts for path, texts in before.items() if Path(path).exists()}
        if {path: after.get(path) for path in kept} != kept or len(after) != len(kept):
            self.wrong.append("pruning did not remove just the documents of deleted files")
        if len(report.removed) != sum(map(len, before.values())) - sum(map(len, kept.values())):
            self.wrong.append(f"pruning says that it removed {len(report.removed)} documents")
        self.wrong += [f"the library is damaged: {fault}" for fault in self._library.check()]

    def texts(self) -> dict[str, list[str]]:
        """The texts that the library holds, by file."""
        held: dict[str, list[str]] = defaultdict(list)
        for info in self._library.documents():
            records = "json" in info.media_type
            path = info.source.rpartition("#")[0] if records else info.source
            held[path].append(self._library.document(info.id).text)
        return held


def _by_file(refusals: Iterable[Refusal]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for refusal in refusals:
        path, mark, part = refusal.source.rpartition("#")
        found[path if mark and not os.path.lexists(refusal.source) else refusal.source].append(
            f"{mark}{part if mark else ''} {refusal.reason} {refusal.hint}"
        )
    return found


def _faults(
    one: Expected, texts: list[str], refused: list[str], skipped: list[str]
) -> Iterator[str]:
    """Yield what is not as it should be."""
    if one.by_chance:
        if not texts and not refused:
            yield "was lost"
        return
    outcome = {Fate.READ: texts, Fate.REFUSED: refused, Fate.SKIPPED: skipped}
    if not outcome[one.fate] or any(
        outcome[fate] for fate in Fate if fate not in {one.fate, Fate.REFUSED}
    ):
        yield f"was not {one.fate}: {refused or skipped or (texts and texts[0][:80])!r}"
        return
    if not all(re.search(one.reason, why) for why in refused + skipped):
        yield f"has another reason: {refused + skipped}"
    if one.fate is Fate.READ and (bool(one.reason) != bool(refused) or len(texts) != one.documents):
        yield f"gave {len(texts)} documents, refused: {refused}"
    text = "\n".join(texts)
    yield from (f"lost {lost[:60]!r}" for lost in one.holds if lost not in text)
    if one.lacks and (found := re.search(one.lacks, text)):
        yield f"holds {found[0]!r}"


# --- measuring -----------------------------------------------------------------------------


def _measured(paths: Sequence[Path]) -> tuple[float, float]:
    """Read and cut files in a process of its own: seconds, and MB at its peak."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measure_here, (paths,))


def _measure_here(paths: Sequence[Path]) -> tuple[float, float]:
    started = time.perf_counter()
    for path in paths:
        cut_file(path, _CHUNKER)
    return time.perf_counter() - started, _peak_mb()


def _peak_mb() -> float:
    with suppress(OSError), Path("/proc/self/status").open() as lines:
        # Not of the program that this process was before.
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _table(expected: Sequence[Expected], report: IndexReport, *, quick: bool) -> Iterator[str]:
    yield "| kind | files | read | refused | skipped | reason | s | MB |"
    yield "|---|--:|--:|--:|--:|---|--:|--:|"
    refused, skipped = _by_file(report.refused), _by_file(report.skipped)
    kinds: dict[str, list[Expected]] = defaultdict(list)
    for one in expected:
        kinds[one.kind].append(one)
    for kind, files in kinds.items():
        counts = [sum(one.fate is fate for one in files) for fate in Fate]
        paths = [str(one.path) for one in files]
        why = next((w[0] for p in paths if (w := refused.get(p) or skipped.get(p))), "")
        reason = re.sub(r"[|\s]+", " ", why.partition(";")[0])[:70].strip()
        opened = [str(one.path) for one in files if one.fate is not Fate.SKIPPED]
        found = [] if quick else discover(opened).files
        seconds, peak = _measured(found) if found else (0.0, 0.0)
        cost = f"{seconds:.2f} | {peak:.0f}" if found else "|"
        yield f"| {kind} | {len(files)} | {' | '.join(map(str, counts))} | {reason} | {cost} |"


class _Silent:
    """An observer that draws nothing."""

    def files(self, total: int) -> None: ...

    def file_done(self, path: str) -> None: ...

    def passages(self, total: int) -> None: ...

    def passages_done(self, count: int) -> None: ...

    def note(self, message: str) -> None: ...


def run(root: Path, n_files: int, sizes: Sizes, *, quick: bool) -> list[str]:
    """Write, index three times, print; return what went wrong."""
    files = root / "files"
    expected = write_files(files, n_files - 1, sizes)
    with Library.open(root / "library", create=True, writable=True) as library:
        job = Run(library, files.resolve())
        with truncated_when_opened(files / "000.txt", sizes.truncated) as volatile:
            expected += volatile
            first = job.index()
        write_manifest(expected, root / "manifest.json")
        job.check_fates(expected, first)
        second = job.index()
        job.check_unchanged(first, second, frozenset(str(one.path) for one in volatile))
        print("\n".join(_table(expected, first, quick=quick)))
        before = job.texts()
        _delete_half(expected)
        pruned = job.index(prune=True)
        job.check_pruned(pruned, before)
    print(
        f"\n{len(expected)} files: {len(first.added)} documents, {len(first.refused)} refusals, "
        f"{len(first.skipped)} skipped, {first.embedded} passages in {first.duration_s:.1f} s; "
        f"again {second.duration_s:.1f} s; half pruned {pruned.duration_s:.1f} s "
        f"({len(pruned.removed)} removed). Peak of the process that stores: {_peak_mb():.0f} MB."
    )
    return job.wrong


def _delete_half(expected: Sequence[Expected]) -> None:
    """Delete every other file, and the large one: checking a library takes the square of it."""
    for number, one in enumerate(sorted(expected, key=lambda one: one.path)):
        if number % 2 == 0 or one.kind == "large text":
            with suppress(PermissionError):
                one.path.unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table and what went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--out", type=Path, help="keep files, manifest and library there")
    parser.add_argument("--small", action="store_true", help="large files of a tenth of the size")
    parser.add_argument("--quick", action="store_true", help="measure no kind by itself")
    args = parser.parse_args(arguments)
    sizes = SMALL if args.small else Sizes()
    if args.out:
        wrong = run(args.out, args.files, sizes, quick=args.quick)
    else:
        with tempfile.TemporaryDirectory() as folder:
            wrong = run(Path(folder), args.files, sizes, quick=args.quick)
    print("\n".join(["", "Wrong:", *wrong]) if wrong else "\nEvery file had its fate.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
