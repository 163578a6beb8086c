"""Two outlets on one flood, and a checker over them and fourteen other articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from library_samples import Cut, article
from news_samples import NEWS, fill

from rag.claim_check import ClaimChecker, Sources
from rag.drafts import draft_of
from rag.fakes import HashEmbedder
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.schema import CheckedDraft, Filters

FLOOD: tuple[Cut, ...] = (
    article(
        "/flood/first.txt",
        [
            "The flood of the Sarn damaged 340 houses in Harnby.",
            "The gauge at Tanner's Bridge peaked at 4.86 metres.",
            "Rain gauges caught 88 mm in Scarholme and 74 mm in Harnby.",
            "Insurers expect claims of £21.7m from homes and £9.2m from shops.",
            "Ferries carried 3,100 passengers in May 2023 and 2,400 in June 2023.",
            "More than 1,150 people were told to leave the riverside.",
        ],
        title="Flood of the Sarn in Harnby",
        publisher="Harnby Examiner",
        published=date(2024, 11, 19),
    ),
    article(
        "/flood/later.txt",
        [
            "A survey shows that the flood of the Sarn damaged 527 houses in Harnby.",
            "The council will vote on the wall in spring.",
        ],
        title="Flood of the Sarn: more houses damaged",
        publisher="Harnby Examiner",
        published=date(2024, 12, 3),
    ),
)


@contextmanager
def checker_in(folder: Path) -> Iterator[ClaimChecker]:
    """A checker with a fake embedder."""
    embedder = HashEmbedder()
    with Library.open(folder, create=True, writable=True) as library:
        fill(library, [*FLOOD, *NEWS], embedder)
        vectors = open_vectors(library, embedder.name, embedder.dimension)
        lexical = Fts5LexicalIndex(library.connection)
        yield ClaimChecker(Sources(library, embedder, vectors, lexical))


def checked(checker: ClaimChecker, text: str, *, dated: date | None = None) -> CheckedDraft:
    """A draft checked to its end."""
    return checker.check(
        draft_of(text, dated=dated),
        Filters(),
        on_progress=lambda _done, _total: None,
        stop=lambda: False,
    )
