"""What is told of a run of indexing, while it goes on and at its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rag.schema import Refusal


class IndexObserver(Protocol):
    """Is told how far indexing has come; draws progress bars or does nothing."""

    def files(self, total: int) -> None:
        """So many files will be looked at."""
        ...

    def file_done(self, path: str) -> None:
        """One more was looked at."""
        ...

    def passages(self, total: int) -> None:
        """So many passages will be embedded."""
        ...

    def passages_done(self, count: int) -> None:
        """So many more were embedded."""
        ...

    def note(self, message: str) -> None:
        """Something that the user should know."""
        ...


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run changed; ids of documents, and refusals with their reasons."""

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    """Documents that are as they were; those of an unchanged file were not looked at."""
    refused: tuple[Refusal, ...]
    skipped: tuple[Refusal, ...]
    """Files that a folder holds and that no reader takes."""
    embedded: int
    """Passages that got a vector in this run."""
    pending: int
    """Passages without a vector yet: more than 0 only after an interruption."""
    duration_s: float
