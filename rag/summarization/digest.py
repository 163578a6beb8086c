"""The job of summing up many articles: what they agree on, what changed, where they differ.

Every sentence of every article is read (map); what they state is put together by the thing that
it speaks of (reduce). No model is needed: a point is figures and quotations with their places.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.agreement import Similarity, group_figures
from rag.errors import GenerationStoppedError
from rag.protocols import StopCheck, Verifier
from rag.schema import (
    Coverage,
    Digest,
    DigestPoint,
    DocumentInfo,
    Evidence,
    FigureGroup,
    Length,
    Passage,
    Relation,
    StatedFigure,
)
from rag.summarization.article import Observer, Unobserved
from rag.summarization.events import Events
from rag.summarization.points import citations_of, quoted
from rag.summarization.ranking import rank_sentences
from rag.summarization.rows import as_worded, by_period, rows_of
from rag.summarization.topic import about as on_topic
from rag.words import content_words

# Points of each relation, and articles of which one sentence is quoted besides.
_POINTS = {Length.SHORT: 2, Length.MEDIUM: 5, Length.LONG: 12}
_MARKER = re.compile(r"\[(\d+)\]")
_ORDER = (Relation.AGREE, Relation.CHANGED, Relation.DIFFER)


@dataclass(frozen=True, slots=True)
class Article:
    """One article as the library has it."""

    document: DocumentInfo
    evidence: tuple[Evidence, ...]
    """All of its sentences in order, boilerplate left out."""
    passages: tuple[Passage, ...]


def summarize_many(
    articles: Iterable[Article],
    *,
    n_articles: int,
    verifier: Verifier,
    copies: Mapping[str, Sequence[str]],
    about: str | None = None,
    length: Length = Length.MEDIUM,
    similarity: Similarity | None = None,
    on_point: Callable[[DigestPoint], None] = lambda _point: None,
    observer: Observer | None = None,
    stop: StopCheck = lambda: False,
) -> Digest:
    """Read all articles and say what they agree on, what changed and where they differ.

    Args:
        articles: read one after the other; of each, only what it states is kept.
        n_articles: how many there are.
        verifier: decides what may be shown as fact; what does not pass is quoted.
        copies: ids of the documents that tell each one's story in nearly the same words.
        about: a subject in a few words; None takes all that they say.
        length: how many points there may be.
        similarity: cosine of two figures' clauses; None compares words alone.
        on_point: told each point.
        observer: told how far it is, in articles.
        stop: asked after each article.

    Raises:
        GenerationStoppedError: ``stop`` said so.
    """
    started = time.perf_counter()
    read = _Reading(copies, about)
    observer = observer or Unobserved()
    documents: list[DocumentInfo] = []
    for article in articles:
        if stop():
            raise GenerationStoppedError("Stopped.")
        read.article(article)
        documents.append(article.document)
        observer.reading(len(documents), n_articles)
    points = _points(read, _grouped(read, similarity), _POINTS[length], verifier)
    for point in points:
        on_point(point)
    return Digest(
        documents=tuple(documents),
        about=about,
        points=points,
        figures=by_period(dict.fromkeys(f for point in points for f in point.figures)),
        coverage=read.coverage(n_articles),
        notes=read.notes(),
        total_s=time.perf_counter() - started,
    )


class _Reading:
    """What all articles state, each sentence of a story once."""

    def __init__(self, copies: Mapping[str, Sequence[str]], about: str | None) -> None:
        self._copies = copies
        self._about = about
        self._sentences: dict[tuple[str, str], Evidence] = {}
        self._n_read = self._n_passages = self._n_passages_read = self._n_articles = 0
        self._n_told_again = 0
        self.events = Events()
        self.rows: list[StatedFigure] = []
        self.best: list[tuple[float, Evidence]] = []
        """The sentence of each story that ranks first."""

    def article(self, article: Article) -> None:
        """Read one article to its end."""
        self.events.add(article.document.id, (item.sentence.text for item in article.evidence))
        self._n_articles += 1
        self._n_passages += len(article.passages)
        self._n_passages_read += sum(not passage.boilerplate for passage in article.passages)
        self._n_read += len(article.evidence)
        chosen = article.evidence
        if self._about is not None:
            chosen = on_topic(self._about, article.evidence)
        new = [item for item in chosen if not self._told(item)]
        position = {id(item): n for n, item in enumerate(article.evidence)}
        self.rows += rows_of(article.evidence, [position[id(item)] for item in new])
        ranked = rank_sentences(
            [item.sentence.text for item in article.evidence], title=article.document.title
        )
        scores = [(ranked[position[id(item)]].score, item) for item in new]
        if scores and not self._is_copy(article.document.id):
            self.best.append(max(scores, key=lambda scored: scored[0]))

    def story(self, document_id: str) -> str:
        """The id that all copies of a story share."""
        return min([document_id, *self._copies.get(document_id, ())])

    def found(self, of: StatedFigure | Evidence) -> Evidence:
        """The sentence of a figure, or a sentence itself, with its copies."""
        return self._sentences[self._key(of.document.id, of.sentence.text)]

    def coverage(self, total: int) -> Coverage:
        """How much has been read."""
        return Coverage(self._n_articles, total, self._n_passages_read, self._n_passages)

    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""
        notes = [f"Code read all {self._n_read} sentences; captions and footers are left out."]
        if self._about is not None:
            notes.append(f"{len(self._sentences)} of them are about “{self._about}”.")
        if self._n_told_again:
            notes.append(f"{self._n_told_again} stand in a copy of a story and count once.")
        return tuple(notes)

    def _is_copy(self, document_id: str) -> bool:
        told = {self.story(item.document.id) for _, item in self.best}
        return self.story(document_id) in told

    def _told(self, item: Evidence) -> bool:
        """Whether a copy of the story has the same sentence; both are then one."""
        key = self._key(item.document.id, item.sentence.text)
        known = self._sentences.get(key)
        if known is None:
            self._sentences[key] = item
            return False
        if known.document.id != item.document.id:
            self._n_told_again += 1
            self._sentences[key] = replace(known, also_in=(*known.also_in, item.document))
        return True

    def _key(self, document_id: str, text: str) -> tuple[str, str]:
        return self.story(document_id), text


def _grouped(read: _Reading, similarity: Similarity | None) -> tuple[FigureGroup, ...]:
    return group_figures(read.rows, similarity, same_event=read.events.same)


def _points(
    read: _Reading, groups: Sequence[FigureGroup], at_most: int, verifier: Verifier
) -> tuple[DigestPoint, ...]:
    """The points of each relation, those of most stories first, then what one story says."""
    between = [
        group for group in groups if len({read.story(f.document.id) for f in group.figures}) > 1
    ]
    points: list[DigestPoint] = []
    marker = 1
    for relation in _ORDER:
        ranked = sorted(
            (group for group in between if group.relation is relation),
            key=lambda group: -len({read.story(f.document.id) for f in group.figures}),
        )
        for group in ranked[:at_most]:
            points.append(_point(read, group, marker, verifier))
            marker += len(points[-1].citations)
    cited = {citation.document.id for point in points for citation in point.citations}
    alone = sorted(
        (scored for scored in read.best if scored[1].document.id not in cited),
        key=lambda scored: -scored[0],
    )
    for _, item in alone[:at_most]:
        point = quoted([read.found(item)], marker)
        points.append(DigestPoint(None, point.text, point.citations, ()))
        marker += 1
    return tuple(points)


def _point(
    read: _Reading, group: FigureGroup, first_marker: int, verifier: Verifier
) -> DigestPoint:
    sources = list(dict.fromkeys(read.found(figure) for figure in group.figures))
    number = {source: n for n, source in enumerate(sources, start=1)}
    cited = [(figure, number[read.found(figure)]) for figure in group.figures]
    text = _worded(group, cited)
    if text is not None and verifier.verify(text, sources).passed:
        text = _MARKER.sub(lambda m: f"[{int(m[1]) + first_marker - 1}]", text)
    else:
        text = quoted(sources, first_marker).text
    return DigestPoint(group.relation, text, citations_of(sources, first_marker), group.figures)


def _worded(group: FigureGroup, cited: Sequence[tuple[StatedFigure, int]]) -> str | None:
    """One line for a group whose sentences count the same noun; None where they word it apart."""
    nouns = [content_words(stated.statement.noun) for stated, _ in cited if stated.statement.noun]
    if len(nouns) < len(cited) or not frozenset.intersection(*map(frozenset, nouns)):
        return None
    noun = f"{group.noun[:1].upper()}{group.noun[1:]}"
    if group.relation is Relation.AGREE:
        markers = "".join(dict.fromkeys(f"[{marker}]" for _, marker in cited))
        return f"{noun}: {_value(cited[0][0])} {markers}."
    link = ", then " if group.relation is Relation.CHANGED else ", against "
    return f"{noun}: {link.join(_entries(cited))}."


def _entries(cited: Sequence[tuple[StatedFigure, int]]) -> Iterator[str]:
    """Each value with its period as the sentence words them, once, with all its markers."""
    markers: dict[str, list[int]] = {}
    for stated, marker in cited:
        markers.setdefault(_value(stated), []).append(marker)
    for value, numbers in markers.items():
        yield value + " " + "".join(f"[{n}]" for n in dict.fromkeys(numbers))


def _value(stated: StatedFigure) -> str:
    sentence, period = stated.sentence.text, stated.statement.period
    said = as_worded(stated)
    # A period that only the sentence before names is no part of what the cited one states.
    if period is None or period.text not in sentence or period.text in said:
        return said
    return f"{said} ({period.text})"
