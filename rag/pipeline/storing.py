"""The jobs that change the library: they alone open it for writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from rag.chunking import PassageChunker
from rag.embedding import WordPieces
from rag.ingestion import IndexObserver, IndexReport, Ingestor
from rag.library import Library, open_vectors
from rag.models import LocalModel
from rag.pipeline.parts import embedder_for, identity
from rag.protocols import StopCheck
from rag.schema import Document
from rag.settings import Settings


def index(
    settings: Settings,
    model: LocalModel,
    paths: Sequence[str],
    *,
    observer: IndexObserver,
    stdin: bytes,
    documents: Sequence[Document],
    prune: bool,
    stop: StopCheck,
) -> IndexReport:
    """Store and embed articles with the weights of one embedder, as :class:`Ingestor` does."""
    word_pieces = WordPieces(model.path)
    # An embedder of the user's own may read less than a passage may have.
    max_tokens = min(settings.passage_tokens, word_pieces.max_tokens)
    with _writable(settings, create=True, on_wait=observer.note) as library:
        ingestor = Ingestor(
            library,
            PassageChunker(word_pieces.count, max_tokens),
            identity(model),
            lambda n: embedder_for(model, n),
            recipe=f"{identity(model)}:{max_tokens}",
        )
        report = ingestor.index(
            paths, stdin=stdin, prune=prune, documents=documents, observer=observer, stop=stop
        )
        if report.embedded or report.updated or report.removed:
            embedder = embedder_for(model)
            open_vectors(library, embedder.name, embedder.dimension, save=True)
    return report


def remove(settings: Settings, documents: Sequence[Document]) -> None:
    """Take articles out of the library."""
    with _writable(settings) as library:
        library.remove(document.info.id for document in documents)


def _writable(
    settings: Settings, *, create: bool = False, on_wait: Callable[[str], None] | None = None
) -> AbstractContextManager[Library]:
    return Library.open(
        settings.library,
        create=create,
        writable=True,
        wait_s=settings.lock_timeout_s,
        on_wait=on_wait,
    )
