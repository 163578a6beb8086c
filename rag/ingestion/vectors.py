"""The passages that no vector of an embedder stands for yet."""

from __future__ import annotations

from collections.abc import Callable

from rag.errors import LibraryFormatError
from rag.ingestion.report import IndexObserver
from rag.library import Library
from rag.protocols import Embedder, StopCheck

# One transaction a batch: 64 passages are embedded in 0.5 to 4 s on two cores, so that at most that
# is done again after a kill.
_EMBED_BATCH = 64


class MissingVectors:
    """Finds them in a library that is open for writing, and makes them.

    Args:
        library: the one to change.
        name: of the weights whose vectors are wanted.
        embedder: opens the embedder for a number of texts, only when there are any.
    """

    def __init__(self, library: Library, name: str, embedder: Callable[[int], Embedder]) -> None:
        self._library = library
        self._name = name
        self._embedder = embedder

    def embed(self, observer: IndexObserver, stop: StopCheck) -> int:
        """Make them, batch by batch; returns how many passages got one.

        Vectors of another embedder are dropped when none is missing any more.

        Raises:
            LibraryFormatError: vectors that were stored are not found again.
        """
        name = self._name
        others = [e.name for e in self._library.stats().embedders if e.name != name and e.passages]
        n_pending = self.n_pending()
        if others and n_pending:
            observer.note(
                f"The embedder changed from {', '.join(others)} to {name}: "
                "every passage is embedded again."
            )
        if n_pending and not stop():
            observer.passages(n_pending)
            self._embed_all(self._embedder(n_pending), observer, stop)
        if others and not self.n_pending():
            self._library.forget_vectors(name)
        return n_pending - self.n_pending()

    def n_pending(self) -> int:
        """How many passages have no vector of this embedder."""
        stats = self._library.stats()
        done = sum(e.passages for e in stats.embedders if e.name == self._name)
        return stats.passages - done

    def _embed_all(self, embedder: Embedder, observer: IndexObserver, stop: StopCheck) -> None:
        last = 0
        while not stop():
            batch = self._library.passages_without_vectors(self._name, _EMBED_BATCH, after=last)
            if not batch:
                break
            vectors = embedder.embed_documents([pending.text for pending in batch])
            self._library.store_vectors(self._name, [p.sha256 for p in batch], vectors)
            observer.passages_done(sum(pending.n_passages for pending in batch))
            last = batch[-1].key
        if not stop() and self.n_pending():
            raise LibraryFormatError(
                f"The library in {self._library.folder} is damaged: vectors that were "
                "stored are not found again.",
                "Move the folder away and index the articles again: rag index PATH",
            )
