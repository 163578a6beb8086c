from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.corpus import COPY_SHARE, MEAN_WORDS, Plan, build, lengths, main, write_corpus
from eval.benchmarks.grammar import domains
from eval.benchmarks.names import OUTLETS
from eval.benchmarks.periods import PARTS, Period
from eval.benchmarks.questions import KINDS, MOST_SHARED, MOST_SHARED_PARAPHRASE, Question
from eval.benchmarks.retrieval import load_questions
from eval.benchmarks.values import Article, Corpus, chance
from eval.benchmarks.wording import misspelt, overlap
from rag.readers import read_path
from rag.schema import Document
from rag.text import split_sentences

SMALL = Plan(articles=100, seed=3, mean_words=220, questions=140)


class Written(NamedTuple):
    folder: Path
    corpus: Corpus
    questions: list[Question]
    articles: dict[str, Article]
    documents: dict[str, Document]
    truth: dict[str, Any]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("corpus")
    corpus, _ = write_corpus(SMALL, folder)
    return Written(
        folder=folder,
        corpus=corpus,
        questions=load_questions(folder / "retrieval.jsonl"),
        articles={article.id: article for article in corpus.articles},
        documents={document.info.id: document for document in _read(folder / "articles")},
        truth=json.loads((folder / "truth.json").read_text("utf-8")),
    )


def _read(folder: Path) -> Iterator[Document]:
    for path in sorted(folder.iterdir()):
        for item in read_path(path):
            assert isinstance(item, Document), item
            yield item


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# --- the articles --------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes(written: Written, tmp_path: Path) -> None:
    write_corpus(SMALL, tmp_path)
    assert _bytes_of(tmp_path) == _bytes_of(written.folder)


def test_another_seed_gives_other_articles() -> None:
    texts = [{a.text for a in build(Plan(12, seed))[0].articles} for seed in (1, 2)]
    assert texts[0].isdisjoint(texts[1])


@pytest.mark.parametrize("n", [500, 3000])
def test_lengths_are_spread_around_the_mean(n: int) -> None:
    words = lengths(n, MEAN_WORDS, seed=1)
    assert fmean(words) == pytest.approx(MEAN_WORDS, rel=0.01)
    assert min(words) < 220
    assert max(words) == 6000
    middle = sorted(words)[n // 2]
    assert 0.6 * MEAN_WORDS < middle < 0.85 * MEAN_WORDS


def test_articles_are_as_long_as_planned() -> None:
    articles = build(Plan(50))[0].articles
    size = fmean(len(article.text.encode()) for article in articles)
    # Copies repeat some lengths, which moves the mean of as few as fifty.
    assert size == pytest.approx(11_300, rel=0.1)


def test_sentences_are_not_all_alike() -> None:
    lines = [line.text for a in build(Plan(60))[0].articles for line in a.lines]
    assert len(set(lines)) > 0.75 * len(lines)


def test_there_are_many_domains_and_outlets(written: Written) -> None:
    assert len(domains()) >= 10
    assert len(set(OUTLETS)) == len(OUTLETS) >= 30
    assert len({article.outlet for article in written.corpus.articles}) > 25
    days = [article.published for article in written.corpus.articles]
    assert days == sorted(days)
    assert date(2020, 1, 31) < days[0] < date(2020, 12, 31)
    assert date(2024, 6, 30) < days[-1] < date(2025, 4, 1)


def test_citeline_reads_every_article_with_what_it_says_of_itself(written: Written) -> None:
    assert set(written.documents) == set(written.articles)
    kinds = Counter(document.info.media_type for document in written.documents.values())
    assert len(kinds) == 4
    assert kinds.most_common(1)[0][0] == "text/markdown"
    for name, article in written.articles.items():
        info = written.documents[name].info
        assert (info.publisher, info.published) == (article.outlet, article.published)
        assert info.author == article.author
        # A plain text file does not say which line is the title, and a question may be prose.
        assert info.title == article.title or info.media_type == "text/plain"


def test_a_fact_stands_in_the_sentence_that_states_it(written: Written) -> None:
    lines = [line for article in written.corpus.articles for line in article.lines if line.facts]
    assert len(lines) > 3 * len(written.corpus.articles)
    for line in lines:
        for fact in line.facts:
            assert fact.value in re.sub(r" percent\b", "%", line.text)


def test_a_change_is_that_between_the_numbers_told() -> None:
    corpus, world = build(Plan(60, seed=5, mean_words=300))
    subjects = {(s.entity.name, s.quantity.id): s for s in world.subjects}
    facts = {f for a in corpus.articles for line in a.lines for f in line.facts}
    changes = [f for f in facts if f.quantity.endswith(" change") and f.value.endswith("%")]
    assert len(changes) > 20
    for fact in changes:
        subject = subjects[fact.entity, fact.quantity.removesuffix(" change")]
        old, new = (world.number(subject, Period.parse(key)) for key in fact.period.split(".."))
        assert abs(new / old - 1) * 100 == pytest.approx(float(fact.value[:-1]), abs=0.051)


# --- copies --------------------------------------------------------------------------------


def test_the_manifest_lists_the_copies(written: Written) -> None:
    listed = [(c["original"], c["copy"], c["edit"]) for c in written.truth["duplicates"]]
    assert listed == [(c.original, c.copy, c.edit) for c in written.corpus.copies]
    assert len(listed) == round(COPY_SHARE * SMALL.articles)
    for entry in written.truth["stated"]:
        assert (written.folder / "articles" / entry["file"]).is_file()


def test_copies_differ_from_their_originals_as_listed() -> None:
    corpus, _ = build(Plan(600, mean_words=160))
    articles = {article.id: article for article in corpus.articles}
    assert {copy.edit for copy in corpus.copies} == {"exact", "headline", "cut", "swap", "byline"}
    for pair in corpus.copies:
        one, other = articles[pair.original], articles[pair.copy]
        assert one.outlet != other.outlet
        assert (one.title != other.title) == (pair.edit == "headline")
        ours, theirs = (
            Counter(line.text for line in one.lines),
            Counter(line.text for line in other.lines),
        )
        match pair.edit:
            case "exact" | "headline":
                assert one.text == other.text
            case "cut":
                assert (ours - theirs).total() == 1
                assert not theirs - ours
            case "swap":
                assert ours == theirs
                assert one.text != other.text
            case _:
                assert list(theirs - ours) == [f"By {one.author}, {one.outlet}"]


# --- the questions -------------------------------------------------------------------------


def test_there_are_questions_of_every_kind(written: Written) -> None:
    n_of_kind = Counter(q.kind for q in written.questions)
    # Few pairs of so few articles can be compared.
    assert n_of_kind.pop("two evidence") >= 5
    assert n_of_kind == dict.fromkeys(set(KINDS) - {"two evidence"}, 20)
    assert len({q.id for q in written.questions}) == len(written.questions)


def test_right_sentences_stand_word_for_word_in_their_documents(written: Written) -> None:
    for question in written.questions:
        for group in question.gold:
            assert group
            for gold in group:
                text = written.documents[gold.document].text
                sentences = [text[s.span.start : s.span.end] for s in split_sentences(text)]
                assert any(gold.sentence in sentence for sentence in sentences), gold


def test_questions_are_in_other_words_than_the_right_sentences(written: Written) -> None:
    for question in written.questions:
        limit = MOST_SHARED_PARAPHRASE if question.kind == "paraphrase" else MOST_SHARED
        for gold in (gold for group in question.gold for gold in group):
            assert overlap(question.question, gold.sentence, question.about) <= limit, question


def test_on_the_whole_questions_share_hardly_a_word(written: Written) -> None:
    shares = [
        overlap(question.question, group[0].sentence, question.about)
        for question in written.questions
        for group in question.gold
    ]
    assert fmean(shares) < 0.15


def test_copies_of_a_right_sentence_are_right(written: Written) -> None:
    n_found = 0
    for pair in written.corpus.copies:
        kept = {line.text for line in written.articles[pair.copy].lines}
        for group in (group for question in written.questions for group in question.gold):
            theirs = {gold.sentence for gold in group if gold.document == pair.copy}
            ours = {gold.sentence for gold in group if gold.document == pair.original}
            assert theirs == ours & kept
            n_found += len(theirs)
    assert n_found > 0


def test_two_pieces_of_evidence_stand_in_two_articles(written: Written) -> None:
    pairs = [question.gold for question in written.questions if question.kind == "two evidence"]
    for one, other in pairs:
        assert {gold.document for gold in one}.isdisjoint(gold.document for gold in other)


@pytest.mark.parametrize(
    ("kind", "same", "other"),
    [
        ("near-miss period", ("entity", "quantity"), "period"),
        ("near-miss place", ("quantity", "period"), "entity"),
    ],
)
def test_near_misses_are_in_the_corpus(
    written: Written, kind: str, same: tuple[str, str], other: str
) -> None:
    facts = {f for a in written.corpus.articles for line in a.lines for f in line.facts}
    by_sentence = {line.text: line.facts for a in written.corpus.articles for line in a.lines}
    for question in (q for q in written.questions if q.kind == kind):
        asked = next(
            fact
            for fact in by_sentence[question.gold[0][0].sentence]
            if fact.entity in question.about
            and Period.parse(fact.period.split("..")[0]).name in question.about
            and " change" not in fact.quantity
        )
        near = {
            getattr(fact, other)
            for fact in facts
            if all(getattr(fact, name) == getattr(asked, name) for name in same)
        }
        assert len(near - {getattr(asked, other)}) >= 2


# --- periods and words ---------------------------------------------------------------------


@given(st.sampled_from(sorted(PARTS)), st.integers(1990, 2040), st.integers(1, 12))
def test_a_period_is_found_again_by_its_key(every: str, year: int, part: int) -> None:
    period = Period.of(every, year, min(part, PARTS[every]))
    assert Period.parse(period.key) == period
    assert period.last_day.year == period.year == year
    assert period.before().last_day < period.last_day
    assert period.year_before().year == year - 1


@pytest.mark.parametrize(
    ("key", "name", "last"),
    [
        ("2024-02", "February 2024", date(2024, 2, 29)),
        ("2023-Q1", "the first quarter of 2023", date(2023, 3, 31)),
        ("2022", "2022", date(2022, 12, 31)),
    ],
)
def test_periods_have_names_and_ends(key: str, name: str, last: date) -> None:
    period = Period.parse(key)
    assert (period.name, period.last_day) == (name, last)


@pytest.mark.parametrize(
    ("question", "sentence", "about", "share"),
    [
        ("How far did visitor numbers decline?", "Numbers fell by 3%.", [], 0.25),
        (
            "Visits to Ayton in May 2023?",
            "Ayton counted 12 guests in May 2023.",
            ["Ayton", "May 2023"],
            0.0,
        ),
        ("Was it?", "It was.", [], 1.0),
        ("?", "It was.", [], 0.0),
    ],
)
def test_shared_words_are_counted(
    question: str, sentence: str, about: list[str], share: float
) -> None:
    assert overlap(question, sentence, about) == share


@given(st.integers(0, 10_000))
def test_a_slip_changes_two_words_and_no_figure(seed: int) -> None:
    text = "How many visitors came to Aldmouth Museum in March 2023?"
    slipped = misspelt(text, chance(seed))
    changed = [w for w, s in zip(text.split(), slipped.split(), strict=True) if w != s]
    assert len(changed) == 2
    assert "2023?" in slipped
    assert misspelt(text, chance(seed)) == slipped


def test_the_command_writes_a_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--articles", "20", "--words", "160", "--questions", "14", "--out", str(tmp_path)])
    assert capsys.readouterr().out.startswith("20 articles with 0.0 MB of text")
    assert {p.name for p in tmp_path.iterdir()} == {"articles", "retrieval.jsonl", "truth.json"}
