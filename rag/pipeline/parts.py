"""The open parts of one process: library, models, embedder, generator, retriever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from rag import prompts
from rag.answer_scoring import NumpyAnswerScorer
from rag.answering import Answerer
from rag.claim_check import Sources
from rag.embedding import open_embedder
from rag.generation import Adapter, LlamaGenerator, LlamaWeights, adapter_of
from rag.lexical_index import Fts5LexicalIndex
from rag.library import Library, open_vectors
from rag.llama_build.probe import ensure_llama_works
from rag.models import LocalModel, Role, load_registry, resolve
from rag.paths import cache_dir
from rag.pipeline.once import Once
from rag.protocols import Embedder, Generator
from rag.retrieval import HybridRetriever
from rag.settings import Settings
from rag.verification import EvidenceVerifier


class Parts:
    """Each part is opened on first use, once, so that no job loads what it does not need.

    Args:
        settings: of this run.
        on_note: told what the user should know, such as a rebuilt index.
        wrap_generator: put around the chat model, such as a cache.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_note: Callable[[str], None],
        wrap_generator: Callable[[Generator], Generator],
    ) -> None:
        self.settings = settings
        self._on_note = on_note
        self._wrap_generator = wrap_generator
        self.library = Once(lambda: Library.open(settings.library))
        self.embedder_model = Once(lambda: _local(settings.embedder, Role.EMBEDDER))
        self.generator_model = Once(lambda: _local(settings.generator, Role.GENERATOR))
        self.embedder = Once(lambda: embedder_for(self.embedder_model.get()))
        self.scorer = Once(NumpyAnswerScorer)
        self._weights = Once(self._open_weights)
        self.generator = Once(self._open_generator)
        self.figure_model = Once(self._open_figure_model)
        self._ahead: threading.Thread | None = None
        self._closed = False
        self._retriever_of: tuple[str, HybridRetriever] | None = None
        self._retrievers_lock = threading.Lock()

    def writer(self) -> Generator:
        """The chat model with what is put around it."""
        return self._wrap_generator(self.generator.get())

    def figure_reader(self) -> Generator:
        """The chat model as it was taught to read figures, if it was, with the same around it."""
        return self._wrap_generator(self.figure_model.get())

    def expect_writer(self) -> None:
        """Begin to load what reads the sentences, beside what this thread does next."""
        # Weights are mapped while sentences are searched: 0.6 s of a first question.
        begun = self._ahead is not None and self._ahead.is_alive()
        if not (begun or self.figure_model.is_open):
            self._ahead = threading.Thread(target=self._try_readers, daemon=True)
            self._ahead.start()

    def retriever(self) -> HybridRetriever:
        """The retriever over the library as it is now: another process may have changed it."""
        with self._retrievers_lock:
            generation = self.library.get().generation()
            if self._retriever_of is None or self._retriever_of[0] != generation:
                self._retriever_of = (generation, self._open_retriever())
            return self._retriever_of[1]

    def answerer(self) -> Answerer:
        """What answers questions from the library as it is now."""
        return Answerer(
            self.retriever(),
            self.scorer.get,
            self.writer,
            EvidenceVerifier(),
            figure_reader=self.figure_reader,
            answer_tokens=self.settings.answer_tokens,
            settings_sha256=self.settings_sha256(),
            corpus=self.library.get(),
        )

    def sources(self) -> Sources:
        """The sentences that a draft is checked against."""
        library, embedder = self.library.get(), self.embedder.get()
        vectors = open_vectors(library, embedder.name, embedder.dimension)
        return Sources(library, embedder, vectors, Fts5LexicalIndex(library.connection))

    def models(self) -> Mapping[str, str]:
        """Sha256 of the weights by name: of the chat model, then of the embedder."""
        found = (self.generator_model.get().spec, self.embedder_model.get().spec)
        return {spec.name: spec.sha256 for spec in found}

    def settings_sha256(self) -> str:
        """Hash of all that can change an answer."""
        adapter = self._adapter()
        return self.settings.sha256(
            prompts=prompts.fingerprint(),
            generator=self.generator_model.get().spec.sha256,
            adapter=adapter.sha256 if adapter else "",
            embedder=identity(self.embedder_model.get()),
            scorer=NumpyAnswerScorer.name,
        )

    def close(self) -> None:
        """Free the models and let go of the files."""
        self._closed = True
        if self._ahead is not None:
            # Python ends a thread that it finds in llama.cpp's C++ by ending the process.
            self._ahead.join()
        self._retriever_of = None
        for part in (self.figure_model.take(), self.generator.take(), self.library.take()):
            if part is not None:
                part.close()

    def _try_readers(self) -> None:
        for part in (self.scorer, self.figure_model):
            if self._closed:
                return
            with suppress(Exception):  # raised again where the part is needed
                part.get()

    def _open_weights(self) -> LlamaWeights:
        ensure_llama_works(cache_dir())
        return LlamaWeights(self.generator_model.get().path)

    def _open_generator(self, adapter: Adapter | None = None) -> LlamaGenerator:
        name = self.generator_model.get().spec.sha256
        return LlamaGenerator(
            self._weights.get(),
            name=f"{name} {adapter.sha256}" if adapter else name,
            context_tokens=self.settings.context_tokens,
            threads=self.settings.threads,
            adapter=adapter.path if adapter else None,
            prefixes=cache_dir() / "prefixes",
        )

    def _adapter(self) -> Adapter | None:
        return adapter_of(self.generator_model.get().spec.sha256)

    def _open_figure_model(self) -> LlamaGenerator:
        adapter = self._adapter()
        return self._open_generator(adapter) if adapter else self.generator.get()

    def _open_retriever(self) -> HybridRetriever:
        library, embedder = self.library.get(), self.embedder.get()
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


def embedder_for(model: LocalModel, n_texts: int = 1) -> Embedder:
    """Open the embedder in the way that is quickest for so many texts."""
    return open_embedder(model.path, name=identity(model), n_texts=n_texts)


def identity(model: LocalModel) -> str:
    """Names weights by their sum: a folder that changed under its name is another embedder."""
    return f"{model.spec.name}:{model.spec.sha256[:16]}"


def _local(name: str | None, role: Role) -> LocalModel:
    registry = load_registry()
    return resolve(name or registry.default(role).name, registry=registry)
