"""Everything that citeline does, each job a method: the parts do the work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Self

from rag.claim_check import ClaimChecker, Progress
from rag.drafts import Draft, draft_of
from rag.ingestion import IndexObserver, IndexReport
from rag.pipeline import storing, summaries
from rag.pipeline.defaults import NO_FILTERS, ignore, never
from rag.pipeline.parts import Parts
from rag.pipeline.subjects import by_id, sentences_about
from rag.protocols import AnswerScorer, Generator, Retriever, StopCheck
from rag.schema import (
    Answer,
    CheckedDraft,
    Digest,
    DigestPoint,
    Document,
    DocumentInfo,
    FigureKind,
    Filters,
    Length,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.settings import Settings
from rag.summarization import Observer as SummaryObserver

_FIRST_SEARCH = "How many were there?"


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
        self._parts = Parts(settings, on_note=on_note, wrap_generator=wrap_generator)

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
        return storing.index(
            self.settings,
            self._parts.embedder_model.get(),
            paths,
            observer=observer,
            stdin=stdin,
            documents=documents,
            prune=prune,
            stop=stop,
        )

    def remove(self, names: Sequence[str]) -> tuple[Document, ...]:
        """Remove articles and return them: :meth:`index` puts them back.

        Raises:
            UnknownDocumentError: a name names no article; nothing was removed.
            LibraryError: the library cannot be opened or written.
        """
        documents = tuple(map(self._parts.library.get().document, names))
        storing.remove(self.settings, documents)
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
        self._parts.library.get()  # without one nothing is loaded
        self._parts.expect_writer()
        answerer, only = self._parts.answerer(), self._by_id(filters)
        return answerer.answer(question, only, on_evidence=on_evidence, on_text=on_text, stop=stop)

    def search(self, question: str, *, filters: Filters = NO_FILTERS) -> Retrieval:
        """The sentences that a question finds, best first; no chat model is needed.

        Raises:
            LibraryMissingError, UnknownDocumentError, MissingPartError: as for :meth:`ask`.
        """
        return self._parts.retriever().retrieve(question, self._by_id(filters))

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
        library, only = self._parts.library.get(), self._by_id(filters)
        if about is None:
            return library.figures(only, kinds=kinds)
        of = sentences_about(about, only, self._parts.retriever())
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
        return summaries.summary_of(
            self._parts,
            self._parts.library.get().resolve(document),
            length=length,
            reword=reword,
            keep=keep,
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
        return summaries.digest_of(
            self._parts.library.get(),
            self._by_id(filters),
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
        checker = ClaimChecker(self._parts.sources())
        read = draft_of(draft) if isinstance(draft, str) else draft
        return checker.check(read, self._by_id(filters), on_progress=on_progress, stop=stop)

    def documents(self, filters: Filters = NO_FILTERS) -> list[DocumentInfo]:
        """The articles of the library that pass the filters."""
        return self._parts.library.get().documents(filters)

    def copies(self) -> Mapping[str, tuple[str, ...]]:
        """Ids of the documents that tell each one's story in nearly the same words, if any."""
        return self._parts.library.get().copies()

    def document(self, name: str) -> Document:
        """One article with its text, by id, unique beginning, title or path."""
        return self._parts.library.get().document(name)

    def sizes(self) -> Mapping[str, tuple[int, int]]:
        """How many passages and figures each article has, by its id."""
        return self._parts.library.get().sizes()

    def warm(self) -> None:
        """Load everything that a question needs."""
        # A first search loads encoder, vocabulary and lists of words: 0.9 s instead of 0.1.
        self._parts.retriever().retrieve(_FIRST_SEARCH, NO_FILTERS)
        self._parts.scorer.get()
        self._parts.figure_model.get()
        self._parts.generator.get()

    @property
    def retriever(self) -> Retriever:
        """What finds the sentences for a question, over the library as it is now.

        Raises:
            LibraryMissingError, MissingPartError: as for :meth:`ask`.
        """
        return self._parts.retriever()

    @property
    def scorer(self) -> AnswerScorer:
        """What scores figures as answers; loaded on first use.

        Raises:
            ModelCorruptError: its weights are broken.
        """
        return self._parts.scorer.get()

    @property
    def generator(self) -> Generator:
        """The chat model with what is put around it; its weights are loaded on first use.

        Raises:
            MissingPartError: as for :meth:`ask`.
        """
        return self._parts.writer()

    @property
    def figure_reader(self) -> Generator:
        """The same as it was taught to read figures, or as it is where nobody taught it.

        Raises:
            MissingPartError: as for :meth:`ask`.
        """
        return self._parts.figure_reader()

    @property
    def models(self) -> Mapping[str, str]:
        """Sha256 of the weights by name: of the chat model, then of the embedder."""
        return self._parts.models()

    @property
    def settings_sha256(self) -> str:
        """Hash of all that can change an answer."""
        return self._parts.settings_sha256()

    def close(self) -> None:
        """Free the models and let go of the files."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _by_id(self, filters: Filters) -> Filters:
        return by_id(filters, self._parts.library.get())
