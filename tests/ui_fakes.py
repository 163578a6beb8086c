"""A newsroom without a pipeline, for the tests of the page; all of it invented."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from rag.errors import GenerationStoppedError, RagError, UnknownDocumentError
from rag.fakes import FakeAsker
from rag.protocols import StopCheck
from rag.schema import (
    Answer,
    CheckedDraft,
    Coverage,
    Digest,
    DigestPoint,
    Document,
    DocumentInfo,
    Filters,
    Refusal,
    Relation,
    Retrieval,
    StatedFigure,
    Summary,
    SummaryPoint,
)
from rag.ui.asker import Added, ListedArticle, Part
from rag.ui.wanted import Wanted


class FakeNewsroom(FakeAsker):
    """Has articles with texts, figures, one summary for each article and one checked draft."""

    def __init__(
        self,
        replies: Mapping[str, Answer | RagError],
        articles: Sequence[Document] | RagError = (),
        *,
        figures: Sequence[StatedFigure] = (),
        points: Sequence[SummaryPoint] = (),
        checked: CheckedDraft | None = None,
        pause_s: float = 0.0,
        broken: RagError | None = None,
    ) -> None:
        infos = articles if isinstance(articles, RagError) else [a.info for a in articles]
        super().__init__(replies, infos, pause_s=pause_s, broken=broken)
        self.texts = {} if isinstance(articles, RagError) else {a.info.id: a for a in articles}
        self._missing = articles if isinstance(articles, RagError) else None
        self._rows = tuple(figures)
        self._points = tuple(points)
        self._checked = checked
        self.filters: list[Filters] = []
        """Of every question."""
        self.summed_up: list[Wanted] = []

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        self.filters.append(filters)
        reply = super().ask(
            question, filters=filters, on_evidence=on_evidence, on_text=on_text, stop=stop
        )
        return replace(reply, question=question)

    def documents(self) -> list[DocumentInfo]:
        if self._missing is not None:
            raise self._missing
        return [document.info for document in self.texts.values()]

    def digest(
        self,
        wanted: Wanted,
        *,
        on_point: Callable[[DigestPoint], None],
        on_read: Callable[[int, int], None],
        stop: StopCheck,
    ) -> Digest:
        self.summed_up.append(wanted)
        infos, points = self.documents(), []
        for done, point in enumerate(self._points, start=1):
            for _ in range(10):
                time.sleep(self._pause_s)
                if stop():
                    raise GenerationStoppedError("Stopped.")
            relation = (Relation.AGREE, Relation.CHANGED)[done % 2]
            points.append(DigestPoint(relation, point.text, point.citations, self._rows[:1]))
            on_point(points[-1])
            on_read(done, len(infos))
        read = Coverage(len(infos), len(infos), 4, 4)
        of = tuple(infos)
        return Digest(of, wanted.about, tuple(points), self._rows, read, (), 0.4)

    def summarize(
        self, wanted: Wanted, *, on_point: Callable[[SummaryPoint], None], stop: StopCheck
    ) -> Summary:
        self.summed_up.append(wanted)
        document = wanted.document or ""
        for point in self._points:
            for _ in range(10):
                time.sleep(self._pause_s)
                if stop():
                    self.stopped.append(document)
                    raise GenerationStoppedError("Stopped.")
            on_point(point)
        info = self.document(document).info
        return Summary(info, self._points, 3, 3, (), 1.2, "0" * 64, self._rows)

    def check(self, draft: str, *, filters: Filters) -> CheckedDraft:
        assert self._checked is not None
        return self._checked

    def figures(self, about: str | None, *, filters: Filters) -> tuple[StatedFigure, ...]:
        if self._missing is not None:
            raise self._missing
        return tuple(
            row
            for row in self._rows
            if (not about or about in row.statement.noun)
            and (not filters.documents or row.document.id in filters.documents)
            and (not filters.publishers or row.document.publisher in filters.publishers)
        )

    def articles(self) -> tuple[ListedArticle, ...]:
        return tuple(
            ListedArticle(info, 2, sum(row.document.id == info.id for row in self._rows))
            for info in self.documents()
        )

    def document(self, name: str) -> Document:
        if name not in self.texts:
            raise UnknownDocumentError(f"The library has no document {name!r}.")
        return self.texts[name]

    def add(self, files: Sequence[Path], *, on_step: Callable[[str], None]) -> Added:
        on_step(f"Read {len(files)} files")
        for file in files:
            file.unlink()
        return Added((), 0, tuple(Refusal(file.name, "It is a fake.") for file in files))

    def paste(self, text: str, *, title: str, publisher: str, published: str) -> Added:
        info = DocumentInfo(f"pasted-{len(self.texts)}", "pasted", "text/plain", "0" * 64, title)
        self.texts[info.id] = Document(info, text)
        return Added((info,), 0, ())

    def remove(self, ids: Sequence[str]) -> tuple[Document, ...]:
        return tuple(self.texts.pop(key) for key in ids)

    def restore(self, documents: Sequence[Document]) -> None:
        self.texts |= {document.info.id: document for document in documents}

    def parts(self) -> tuple[Part, ...]:
        return (Part("Chat model", "a fake"), Part("Index", "two articles"))
