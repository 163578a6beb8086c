"""Summaries of the library's articles: of one, and of many together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version

from rag.generation.replies import CachedGenerator, ReplyCache
from rag.library import Library
from rag.paths import cache_dir
from rag.pipeline.parts import Parts
from rag.protocols import Generator, StopCheck
from rag.schema import (
    Digest,
    DigestPoint,
    DocumentInfo,
    Filters,
    Length,
    Summary,
    SummaryPoint,
)
from rag.summarization import Article, Observer, Rewriter, Summarizer, readable, summarize_many
from rag.verification import EvidenceVerifier


def summary_of(
    parts: Parts,
    info: DocumentInfo,
    *,
    length: Length,
    reword: bool,
    keep: bool,
    on_point: Callable[[SummaryPoint], None],
    observer: Observer | None,
    stop: StopCheck,
) -> Summary:
    """Summarise one article, in its own sentences or, with ``reword``, in fewer words."""
    article = _article(parts.library.get(), info)
    with _rewriter(parts, keep=keep) if reword else nullcontext() as rewriter:
        settings_sha256 = parts.settings_sha256() if reword else ""
        return Summarizer(rewriter, settings_sha256=settings_sha256).summarize(
            info,
            article.evidence,
            article.passages,
            length=length,
            on_point=on_point,
            observer=observer,
            stop=stop,
        )


def digest_of(
    library: Library,
    filters: Filters,
    *,
    about: str | None,
    length: Length,
    on_point: Callable[[DigestPoint], None],
    observer: Observer | None,
    stop: StopCheck,
) -> Digest:
    """Say what the articles that pass the filters have in common, and where they differ."""
    found = library.documents(filters)
    return summarize_many(
        (_article(library, info) for info in found),
        n_articles=len(found),
        verifier=EvidenceVerifier(),
        copies=library.copies(),
        about=about,
        length=length,
        on_point=on_point,
        observer=observer,
        stop=stop,
    )


def _article(library: Library, info: DocumentInfo) -> Article:
    return Article(info, readable(library.sentences_of(info.id)), library.passages_of(info.id))


@contextmanager
def _rewriter(parts: Parts, *, keep: bool) -> Iterator[Rewriter]:
    """What words sentences anew; with ``keep``, what it wrote before is not written again."""
    if not keep:
        yield Rewriter(parts.writer, EvidenceVerifier())
        return
    with ReplyCache(cache_dir() / "summaries.sqlite3") as replies:
        salt = f"{version('llama-cpp-python')}:{parts.settings.threads}"

        def writer() -> Generator:
            return CachedGenerator(parts.writer(), replies, salt=salt)

        yield Rewriter(writer, EvidenceVerifier())
