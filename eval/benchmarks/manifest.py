"""Files of a folder and the fate that each must have when the folder is indexed."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path


class Fate(StrEnum):
    """What becomes of a file."""

    READ = "read"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must become of one file."""

    kind: str
    path: Path
    fate: Fate
    reason: str = ""
    """Pattern of why it is refused or skipped; of a file that is read, of what is refused of it."""
    documents: int = 1
    """How many a file that is read gives."""
    holds: tuple[str, ...] = ()
    """What must stand in the texts of its documents."""
    lacks: str = ""
    """Pattern of what must not stand in them."""
    by_chance: bool = False
    """Another process changes it meanwhile: it may as well be read in part."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the large ones are."""

    text: int = 50_000_000
    line: int = 5_000_000
    marks: int = 200_000
    unpacked: int = 500_000_000
    nested: int = 200_000
    brackets: int = 100_000
    truncated: int = 50_000_000
    pages: int = 60
    """Of a PDF, a megabyte of text each."""


SMALL = Sizes(
    text=5_000_000,
    line=500_000,
    unpacked=210_000_000,
    nested=20_000,
    brackets=20_000,
    truncated=5_000_000,
    pages=0,
)
"""For tests."""


def fact(n: int) -> str:
    """A sentence that no other file has."""
    return f"The bakery number {n} sold {n * 1_013:,} loaves in May, its owner said on Friday."


def article(n: int, *, paragraphs: int = 3) -> str:
    """A short article with :func:`fact` of ``n`` in it, a paragraph a line."""
    lines = [
        f"Bakery number {n} opens a second shop in the north",
        fact(n),
        f"It had sold {n * 997:,} loaves in April. A loaf costs ${n % 7 + 2}.20 on average.",
        "Flour has become cheaper since the harvest, the millers of the valley say.",
    ]
    more = (f"In week {week} it sold {n + week * 31:,} rolls." for week in range(4, paragraphs))
    return "\n\n".join([*lines[:paragraphs], *more])


@dataclass(slots=True)
class Folder:
    """A folder that is being filled.

    Args:
        root: where.
        sizes: how large the large files are.
    """

    root: Path
    sizes: Sizes
    expected: list[Expected] = field(default_factory=list)

    def next_number(self) -> int:
        """A number that no other file has."""
        return len(self.expected) + 1

    def file(self, kind: str, name: str, data: bytes | str, **fate: object) -> None:
        """Write a file; the keywords are those of :class:`Expected`, read by default."""
        path = self.root / name
        assert not path.exists(), f"two files are called {name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        self.expect(kind, path, **fate)

    def expect(self, kind: str, path: Path, **fate: object) -> None:
        """Say what must become of a file that is there."""
        chosen = {"fate": Fate.READ, **fate}
        self.expected.append(Expected(kind, path, **chosen))  # type: ignore[arg-type]

    def refuse(self, kind: str, name: str, data: bytes | str, reason: str) -> None:
        """Write a file that must be refused."""
        self.file(kind, name, data, fate=Fate.REFUSED, reason=reason)


def write_manifest(expected: Sequence[Expected], path: Path) -> None:
    """Write a list of objects as JSON; a byte of a name that is no text is a lone surrogate."""
    rows = [{**asdict(one), "path": os.fspath(one.path)} for one in expected]
    path.write_text(json.dumps(rows, indent=1), "ascii")
