"""The questions on news that the answer scorer learns from, and how they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from question_files import kinds_in

from eval.answer_scorer import news
from eval.answer_scorer.groups import NEWS, batched, drawing
from eval.answer_scorer.network import has_answer
from eval.answer_scorer.news import read_news
from eval.benchmarks.values import chance
from rag.answer_scoring.layout import open_tokenizer
from rag.answer_scoring.scorer import FOLDER

SHIPPED = Path(news.__file__).parent / "news"
ARTICLES = {
    "port": "---\ntitle: A full harbour\noutlet: Echo\ndate: 2025-06-01\n---\n"
    "The harbour of Lund counted 46,610 ships in May. In April it had been 39,480.\n",
    "cafe": "---\ntitle: Tea at the quay\noutlet: Echo\ndate: 2025-06-02\n---\n"
    "The café at Lund harbour sold 312 teas in May, and 12 cakes.\n",
}
APRIL = {
    "question": "How many ships did Lund count in April?",
    "quote": "In April it had been 39,480.",
    "answer": "39,480",
}
MAY = {
    "question": "How many ships did Lund count in May?",
    "quote": "The harbour of Lund counted 46,610 ships in May.",
    "answer": "46,610",
}
QUESTIONS: list[dict[str, Any]] = [
    {"article": "port", "kind": "near-miss", **APRIL},
    {"article": "port", "kind": "absent", "question": "How many ships came in June?"},
    {
        "article": "port",
        "kind": "multi",
        "form": "compare",
        "question": "Did Lund count more ships in May than in April?",
        "parts": [MAY, APRIL],
    },
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lund").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "lund" / f"{name}.md").write_text(text, "utf-8")
    lines = "".join(json.dumps(question) + "\n" for question in QUESTIONS)
    (tmp_path / "lund.jsonl").write_text(lines, "utf-8")
    return tmp_path


@pytest.mark.models
def test_each_figure_that_is_asked_for_is_learnt_with_the_others_out_of_sight(
    folder: Path,
) -> None:
    read = read_news(folder)
    asked = [(q.text, q.answer.text if q.answer else None) for q in read]
    both = QUESTIONS[2]["question"]
    assert asked == [
        (APRIL["question"], "39,480"),
        (QUESTIONS[1]["question"], None),
        (MAY["question"], "46,610"),
        (APRIL["question"], "39,480"),
        (both, "46,610"),
        (both, "39,480"),
    ]
    for question in read[-2:]:
        assert question.line is not None
        seen = [figure.text for line in question.others for figure in line.figures]
        assert not {"46,610", "39,480"} & set(seen)
    assert read[0].line is not None
    assert read[0].line.title == "A full harbour"
    draw = drawing(open_tokenizer(str(FOLDER / "vocab.txt")), chance("news"), None, NEWS)
    drawn = [draw(question) for _ in range(40) for question in read]
    share = has_answer(batched(drawn)).float().mean().item()
    assert 0.5 < share < 0.8


def test_every_quote_stands_in_its_article_and_every_answer_in_its_quote() -> None:
    kinds = kinds_in(SHIPPED, SHIPPED)
    assert kinds.total() == 4800
    assert kinds["absent"] >= 1280
