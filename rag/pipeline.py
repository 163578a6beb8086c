"""The one place where parts are put together.

A Pipeline owns the open parts of one process: library, embedder, vectors, generator. Each is
opened on first use, so that no job loads what it does not need.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from importlib.metadata import version
from typing import Generic, Self, TypeVar

from rag import prompts
from rag.answering import Answerer
from rag.chunking import PassageChunker
from rag.claim_check import ClaimChecker, Progress, Sources
from rag.drafts import Draft, draft_of
from rag.embedding import WordPieces, open_embedder
from rag.evidence import relevance
from rag.generation import LlamaGenerator
from rag.generation.replies import CachedGenerator, ReplyCache
from rag.ingestion import IndexObserver, IndexReport, Ingestor
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.llama_build.probe import ensure_llama_works
from rag.models import LocalModel, Role, load_registry, resolve
from rag.paths import cache_dir
from rag.protocols import Embedder, Generator, Retriever, StopCheck
from rag.retrieval import HybridRetriever
from rag.schema import (
    Answer,
    CheckedDraft,
    Digest,
    DigestPoint,
    Document,
    DocumentInfo,
    Evidence,
    FigureKind,
    Filters,
    Length,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.settings import Settings
from rag.summarization import Article, Rewriter, Summarizer, readable, summarize_many
from rag.summarization import Observer as SummaryObserver
from rag.verification import EvidenceVerifier

T = TypeVar("T")

NO_FILTERS = Filters()

_NEAR_SENTENCES = 32
"""As many as a question's words and vectors are compared with one by one."""
_LEAST_NEARNESS, _LEAST_COSINE = 0.6, 0.28
"""Of six subjects put to 50 articles, what lies below either shares a common word with them at
most, or stands beside a sentence that is near."""


def never() -> bool:
    """Never stop."""
    return False


def ignore(_value: object) -> None:
    """Be told and do nothing."""


class Pipeline:
    """Everything that citeline does, over one library.

    Args:
        settings: of this run.
        on_note: told what the user should know, such as a rebuilt index.
        wrap_generator: put around the chat model, such as a cache.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_note: Callable[[str], None] = ignore,
        wrap_generator: Callable[[Generator], Generator] = lambda generator: generator,
    ) -> None:
        self.settings = settings
        self._wrap_generator = wrap_generator
        self._on_note = on_note
        self._library = _Once(lambda: Library.open(settings.library))
        self._embedder_model = _Once(lambda: self._model(settings.embedder, Role.EMBEDDER))
        self._generator_model = _Once(lambda: self._model(settings.generator, Role.GENERATOR))
        self._embedder = _Once(self._open_embedder)
        self._generator = _Once(self._open_generator)
        self._retriever_of: tuple[str, HybridRetriever] | None = None
        self._retrievers_lock = threading.Lock()

    # --- jobs ------------------------------------------------------------------------------

    def index(
        self,
        paths: Sequence[str],
        *,
        observer: IndexObserver,
        stdin: bytes = b"",
        documents: Sequence[Document] = (),
        prune: bool = False,
        stop: StopCheck = never,
    ) -> IndexReport:
        """Add what is new, replace what changed, and with ``prune`` remove what is gone.

        Articles that are in no file are given as ``documents``.

        Raises:
            InputError: a path does not exist; nothing was changed.
            LibraryError: the library cannot be opened or written.
            MissingPartError: the embedder is missing or broken.
        """
        model = self._embedder_model.get()
        word_pieces = WordPieces(model.path)
        # An embedder of the user's own may read less than a passage may have.
        max_tokens = min(self.settings.passage_tokens, word_pieces.max_tokens)
        folder = self.settings.library
        with Library.open(
            folder,
            create=True,
            writable=True,
            wait_s=self.settings.lock_timeout_s,
            on_wait=observer.note,
        ) as library:
            ingestor = Ingestor(
                library,
                PassageChunker(word_pieces.count, max_tokens),
                _identity(model),
                lambda n: open_embedder(model.path, name=_identity(model), n_texts=n),
                recipe=f"{_identity(model)}:{max_tokens}",
            )
            report = ingestor.index(
                paths,
                stdin=stdin,
                prune=prune,
                documents=documents,
                observer=observer,
                stop=stop,
            )
            if report.embedded or report.updated or report.removed:
                embedder = open_embedder(model.path, name=_identity(model), n_texts=1)
                open_vectors(library, embedder.name, embedder.dimension, save=True)
        return report

    def remove(self, names: Sequence[str]) -> tuple[Document, ...]:
        """Remove articles and return them: :meth:`index` puts them back.

        Raises:
            UnknownDocumentError: a name names no article; nothing was removed.
            LibraryError: the library cannot be opened or written.
        """
        documents = tuple(map(self._library.get().document, names))
        with Library.open(
            self.settings.library, writable=True, wait_s=self.settings.lock_timeout_s
        ) as library:
            library.remove(document.info.id for document in documents)
        return documents

    def ask(
        self,
        question: str,
        *,
        filters: Filters = NO_FILTERS,
        on_evidence: Callable[[Retrieval], None] = ignore,
        on_text: Callable[[str], None] = ignore,
        stop: StopCheck = never,
    ) -> Answer:
        """Answer a question; evidence is handed over at once, prose when it is verified.

        Raises:
            LibraryMissingError: nothing has been indexed.
            UnknownDocumentError: a filter names no document.
            MissingPartError: a model is missing or broken.
            GenerationStoppedError: ``stop`` said so.
        """
        if not self._generator.is_open:
            # The weights are mapped while sentences are searched: 0.4 s of a first question.
            threading.Thread(target=self._try_generator, daemon=True).start()
        answerer = Answerer(
            self._retriever(),
            self._writer,
            EvidenceVerifier(),
            answer_tokens=self.settings.answer_tokens,
            settings_sha256=self.settings_sha256,
        )
        return answerer.answer(
            question,
            self._resolved(filters),
            on_evidence=on_evidence,
            on_text=on_text,
            stop=stop,
        )

    def search(self, question: str, *, filters: Filters = NO_FILTERS) -> Retrieval:
        """The sentences that a question finds, best first; no chat model is needed.

        Raises:
            LibraryMissingError, UnknownDocumentError, MissingPartError: as for :meth:`ask`.
        """
        return self._retriever().retrieve(question, self._resolved(filters))

    def figures(
        self,
        about: str | None = None,
        *,
        filters: Filters = NO_FILTERS,
        kinds: Collection[FigureKind] = (),
    ) -> tuple[StatedFigure, ...]:
        """The figures that the articles state, each with its sentence; no chat model is needed.

        Args:
            about: a subject in a few words: those of the sentences near it, the nearest first;
                None gives all, in the order of the articles.
            filters: which articles; documents may be named by id, title or path.
            kinds: which kinds of figures; empty takes all.

        Raises:
            LibraryMissingError, UnknownDocumentError: as for :meth:`ask`.
            MissingPartError: ``about`` is given, and the embedder is missing or broken.
        """
        library, only = self._library.get(), self._resolved(filters)
        if about is None:
            return library.figures(only, kinds=kinds)
        near = self._retriever().wide(_NEAR_SENTENCES).retrieve(about, only).evidence
        of = [one.sentence for one in near if _is_near(one)]
        return library.figures(only, kinds=kinds, of=of)

    def summarize(
        self,
        document: str,
        *,
        length: Length = Length.MEDIUM,
        reword: bool = True,
        keep: bool = False,
        on_point: Callable[[SummaryPoint], None] = ignore,
        observer: SummaryObserver | None = None,
        stop: StopCheck = never,
    ) -> Summary:
        """Summarise one article in a few cited sentences; all of it is read.

        Args:
            document: its id, title or path.
            length: how long the summary is to be.
            reword: have the chat model put sentences into fewer words; else all are quoted.
            keep: keep what the model writes, so that a summary that was stopped goes on there.
            on_point: told each point when it is verified.
            observer: told how far the summary is.
            stop: asked during all work.

        Raises:
            UnknownDocumentError: no document has that id, title or path.
            LibraryMissingError, MissingPartError, GenerationStoppedError: as for :meth:`ask`.
        """
        library = self._library.get()
        info = library.resolve(document)
        with self._rewriter(keep=keep) if reword else nullcontext() as rewriter:
            summarizer = Summarizer(
                rewriter, settings_sha256=self.settings_sha256 if reword else ""
            )
            return summarizer.summarize(
                info,
                readable(library.sentences_of(info.id)),
                library.passages_of(info.id),
                length=length,
                on_point=on_point,
                observer=observer,
                stop=stop,
            )

    def summarize_many(
        self,
        filters: Filters = NO_FILTERS,
        *,
        about: str | None = None,
        length: Length = Length.MEDIUM,
        on_point: Callable[[DigestPoint], None] = ignore,
        observer: SummaryObserver | None = None,
        stop: StopCheck = never,
    ) -> Digest:
        """Say what articles agree on, what changed and where they differ; no model is needed.

        Args:
            filters: which articles; documents may be named by id, title or path.
            about: a subject in a few words; None takes all that they say.
            length: how many points there may be.
            on_point: told each point.
            observer: told how far it is, in articles.
            stop: asked after each article.

        Raises:
            LibraryMissingError, UnknownDocumentError, GenerationStoppedError: as for :meth:`ask`.
        """
        library = self._library.get()
        found = library.documents(self._resolved(filters))
        articles = (
            Article(info, readable(library.sentences_of(info.id)), library.passages_of(info.id))
            for info in found
        )
        return summarize_many(
            articles,
            n_articles=len(found),
            verifier=EvidenceVerifier(),
            copies=library.copies(),
            about=about,
            length=length,
            on_point=on_point,
            observer=observer,
            stop=stop,
        )

    def check(
        self,
        draft: Draft | str,
        *,
        filters: Filters = NO_FILTERS,
        on_progress: Progress = lambda _done, _total: None,
        stop: StopCheck = never,
    ) -> CheckedDraft:
        """Check each figure of a draft against the articles; no chat model is needed.

        Where ``stop`` says so, what was checked until then is returned.

        Raises:
            LibraryMissingError, UnknownDocumentError, MissingPartError: as for :meth:`ask`.
        """
        library, embedder = self._library.get(), self._embedder.get()
        vectors = open_vectors(library, embedder.name, embedder.dimension)
        lexical = Fts5LexicalIndex(library.connection)
        checker = ClaimChecker(Sources(library, embedder, vectors, lexical))
        read = draft_of(draft) if isinstance(draft, str) else draft
        return checker.check(read, self._resolved(filters), on_progress=on_progress, stop=stop)

    def documents(self, filters: Filters = NO_FILTERS) -> list[DocumentInfo]:
        """The articles of the library that pass the filters."""
        return self._library.get().documents(filters)

    def copies(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the documents that tell each one's story in nearly the same words, if any."""
        return self._library.get().copies()

    def document(self, name: str) -> Document:
        """One article with its text, by id, unique beginning, title or path."""
        return self._library.get().document(name)

    def sizes(self) -> Mapping[str, tuple[int, int]]:
        """How many passages and figures each article has, by its id."""
        return self._library.get().sizes()

    def warm(self) -> None:
        """Load everything that a question needs."""
        self._retriever()
        self._generator.get()

    @property
    def retriever(self) -> Retriever:
        """What finds the sentences for a question, over the library as it is now.

        Raises:
            LibraryMissingError, MissingPartError: as for :meth:`ask`.
        """
        return self._retriever()

    @property
    def generator(self) -> Generator:
        """The chat model with what is put around it; its weights are loaded on first use.

        Raises:
            MissingPartError: as for :meth:`ask`.
        """
        return self._writer()

    @property
    def models(self) -> Mapping[str, str]:
        """Sha256 of the weights by name: of the chat model, then of the embedder."""
        found = (self._generator_model.get().spec, self._embedder_model.get().spec)
        return {spec.name: spec.sha256 for spec in found}

    @property
    def settings_sha256(self) -> str:
        """Hash of all that can change an answer."""
        return self.settings.sha256(
            prompts=prompts.fingerprint(),
            generator=self._generator_model.get().spec.sha256,
            embedder=_identity(self._embedder_model.get()),
        )

    def close(self) -> None:
        """Free the models and let go of the files."""
        self._retriever_of = None
        for part in (self._generator.take(), self._library.take()):
            if part is not None:
                part.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- parts -----------------------------------------------------------------------------

    def _model(self, name: str | None, role: Role) -> LocalModel:
        registry = load_registry()
        return resolve(name or registry.default(role).name, registry=registry)

    def _open_embedder(self) -> Embedder:
        model = self._embedder_model.get()
        return open_embedder(model.path, name=_identity(model), n_texts=1)

    def _open_generator(self) -> LlamaGenerator:
        ensure_llama_works(cache_dir())
        model = self._generator_model.get()
        return LlamaGenerator(
            model.path,
            name=model.spec.sha256,
            context_tokens=self.settings.context_tokens,
            threads=self.settings.threads,
            prefixes=cache_dir() / "prefixes",
        )

    def _writer(self) -> Generator:
        return self._wrap_generator(self._generator.get())

    @contextmanager
    def _rewriter(self, *, keep: bool) -> Iterator[Rewriter]:
        """What words sentences anew; with ``keep``, what it wrote before is not written again."""
        if not keep:
            yield Rewriter(self._writer, EvidenceVerifier())
            return
        with ReplyCache(cache_dir() / "summaries.sqlite3") as replies:
            salt = f"{version('llama-cpp-python')}:{self.settings.threads}"

            def writer() -> Generator:
                return CachedGenerator(self._writer(), replies, salt=salt)

            yield Rewriter(writer, EvidenceVerifier())

    def _try_generator(self) -> None:
        with suppress(Exception):  # raised again where the generator is needed
            self._generator.get()

    def _open_retriever(self) -> HybridRetriever:
        library, embedder = self._library.get(), self._embedder.get()
        vectors = open_vectors(
            library,
            embedder.name,
            embedder.dimension,
            on_rebuild=lambda refused: self._on_note(f"The vector index was rebuilt: {refused}."),
        )
        return HybridRetriever(
            library,
            embedder,
            vectors,
            Fts5LexicalIndex(library.connection),
            depth=self.settings.search_depth,
            n_evidence=self.settings.evidence_sentences,
        )

    def _retriever(self) -> HybridRetriever:
        """The retriever over the library as it is now: another process may have changed it."""
        with self._retrievers_lock:
            generation = self._library.get().generation()
            if self._retriever_of is None or self._retriever_of[0] != generation:
                self._retriever_of = (generation, self._open_retriever())
            return self._retriever_of[1]

    def _resolved(self, filters: Filters) -> Filters:
        """Filters with documents by id, which a person may name by title or path as well."""
        if not filters.documents:
            return filters
        library = self._library.get()
        ids = {info.id for info in library.documents()}  # a page may name hundreds by their ids
        named = (name if name in ids else library.resolve(name).id for name in filters.documents)
        return replace(filters, documents=tuple(named))


def _is_near(evidence: Evidence) -> bool:
    """Whether a sentence is about a subject, and not only found beside others that are."""
    return relevance(evidence) >= _LEAST_NEARNESS and evidence.similarity >= _LEAST_COSINE


class _Once(Generic[T]):
    """Opens a part when it is first asked for, once, whichever thread asks."""

    def __init__(self, open_part: Callable[[], T]) -> None:
        self._open_part = open_part
        self._lock = threading.Lock()
        self._part: T | None = None

    def get(self) -> T:
        with self._lock:
            if self._part is None:
                self._part = self._open_part()
            return self._part

    @property
    def is_open(self) -> bool:
        """Whether the part is there already."""
        return self._part is not None

    def take(self) -> T | None:
        """Forget the part and return it, for closing."""
        with self._lock:
            part, self._part = self._part, None
            return part


def _identity(model: LocalModel) -> str:
    """Names weights by their sum: a folder that changed under its name is another embedder."""
    return f"{model.spec.name}:{model.spec.sha256[:16]}"
