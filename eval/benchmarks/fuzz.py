"""Coverage-guided fuzzing of one reader: what makes it break, or take too long?

    python -m eval.benchmarks.fuzz READER [--seconds 60] [--keep DIR]

READER is plain, markdown, html, pdf, docx or records. Needs atheris (pip install atheris), which
runs the reader on files that it changes so that they reach lines no file before has reached. A
reader gives documents whose offsets lie in their texts and refusals with a reason, or raises
UnreadableFileError; all else is a finding, and so are ten seconds for one file. Findings are
printed with their traces, the files that cause them kept in DIR.

Exit code 1 when there were findings.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.errors import UnreadableFileError

TESTS = Path(__file__).resolve().parents[2] / "tests"
NAMES = ("plain", "markdown", "html", "pdf", "docx", "records")
MAX_SECONDS = 10.0
"""For one file of at most :data:`MAX_BYTES`; the slowest seed takes 0.1 s when instrumented."""
MAX_BYTES = 65_536
_RSS_MB = 3072
# Where branches are counted; the parsers written in C are not seen.
_LIBRARIES = ["pypdf", "docx", "yaml"]
_INSTRUMENTED = ["rag.readers", "rag.text", *_LIBRARIES]


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz one reader in a child process and print a row of Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reader", choices=NAMES)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="folder for the files that are findings")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    if args.inside:
        _fuzz(args.reader, args.seconds, args.inside)
    with tempfile.TemporaryDirectory() as folder:
        return _run(args.reader, args.seconds, args.keep or Path(folder))


def _run(reader: str, seconds: int, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", __spec__.name, reader, "--seconds", str(seconds)]
    # libFuzzer ends the process without a way back into Python.
    done = subprocess.run(
        [*command, "--inside", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    n_runs = re.findall(r"Done (\d+) runs", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    # Names that libFuzzer gives to what ended the process: a crash in C, a hang, no memory.
    findings = sorted(folder.glob("finding-*")) + [
        path for kind in ("crash", "timeout", "oom") for path in folder.glob(f"{kind}-*")
    ]
    print("| reader | seconds | files | branches | findings |\n|---|--:|--:|--:|--:|")
    print(
        f"| {reader} | {seconds} | {(n_runs or ['?'])[-1]} | {(covered or ['?'])[-1]} "
        f"| {len(findings)} |"
    )
    if done.returncode or not n_runs:
        print(done.stderr[-2000:], file=sys.stderr)
        return 1
    return 1 if findings else 0


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Run libFuzzer, which ends the process."""
    try:
        atheris: Any = importlib.import_module("atheris")
    except ImportError:
        sys.exit("atheris is missing: pip install atheris")
    sys.path.insert(0, str(TESTS))
    with atheris.instrument_imports(include=_INSTRUMENTED):
        checks = importlib.import_module("reader_checks")
        for name_of_library in _LIBRARIES:  # readers import them later, out of its sight
            importlib.import_module(name_of_library)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, seed in enumerate(checks.SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    reader = checks.READERS[name]

    def target(data: bytes) -> None:
        file = checks.word_of(data) if name == "docx" and data[:1] == b"<" else data
        _report(file, folder, lambda: checks.check(reader.read(file, "/x")))

    options = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-rss_limit_mb={_RSS_MB}"]
    options += [f"-timeout={3 * MAX_SECONDS:.0f}", f"-artifact_prefix={folder}/"]
    if name == "docx":
        (corpus / "body").write_bytes(b"<w:p><w:r><w:t>It grew by 3%.</w:t></w:r></w:p>")
    atheris.Setup([sys.argv[0], *options, str(corpus)], target)
    atheris.Fuzz()


def _report(data: bytes, folder: Path, read: Callable[[], None]) -> None:
    """Read, and keep the file where something else happens than should; each place once."""
    started = time.perf_counter()
    place = trace = ""
    try:
        read()
    except UnreadableFileError:
        pass
    except Exception as error:  # noqa: BLE001 - all that comes is a finding
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} {last.filename}:{last.lineno}"
        trace = traceback.format_exc()
    if time.perf_counter() - started > MAX_SECONDS:
        place = f"more than {MAX_SECONDS:.0f} s"
    kept = folder / f"finding-{hashlib.sha256(place.encode()).hexdigest()[:12]}"
    if place and not kept.exists():
        kept.write_bytes(data)
        print(f"{place}\n{trace}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
