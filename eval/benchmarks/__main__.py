"""All measurements, written into docs/PERFORMANCE.md.

    python -m eval.benchmarks                 every table, one after the other: about two hours
    python -m eval.benchmarks library kills   these alone

Each measurement is a program of its own, which can also be run by itself and takes smaller
sizes. What it prints replaces its table in the page; what the page says around it stays.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from rag.processor import usable_cores

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "PERFORMANCE.md"

RUNS: dict[str, tuple[str, ...]] = {
    "library": (),
    "retrieval": (),
    "copies": (),
    "vectors": ("--sizes", "10000,100000,250000,1000000"),
    "kills": ("--kills", "100"),
    "mixed_files": (),
    "llamaindex": ("--questions", "12"),
    "page": (),
}
"""What is run by itself in this order: no two may want the processor at a time."""


def measure(name: str, arguments: tuple[str, ...]) -> str:
    """Run one measurement; its progress goes to the terminal, its tables come back."""
    command = [sys.executable, "-m", f"eval.benchmarks.{name}", *arguments]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    day = datetime.now(UTC).date().isoformat()
    return f"{done.stdout.strip()}\n\n`{' '.join(command[1:])}`, {day}, {_processor()}"


def put(page: str, name: str, table: str) -> str:
    r"""Return the page with a table in the place that is marked for it.

    >>> put("a\n<!-- kills -->\nold\n<!-- /kills -->\nb", "kills", "new")
    'a\n<!-- kills -->\nnew\n<!-- /kills -->\nb'

    Raises:
        ValueError: the page has no such place.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, found, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"docs/PERFORMANCE.md has no place for {name}")
    return f"{before}{begin}{table}\n{end}{after}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, {usable_cores()} cores"


def main() -> None:
    """Run what was named, or everything, and write each table when it is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(RUNS)}; all by default")
    for name in parser.parse_args().names or RUNS:
        if name not in RUNS:
            parser.error(f"{name} is none of {', '.join(RUNS)}")
        print(f"==> {name}", file=sys.stderr)
        PAGE.write_text(put(PAGE.read_text("utf-8"), name, measure(name, RUNS[name])), "utf-8")


if __name__ == "__main__":
    main()
