"""How the network of the answer scorer is taught: questions, groups, loss, and what is kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import torch
from job_samples import evidence
from safetensors.torch import load_file, save_file

from eval.answer_scorer.groups import batched, drawing
from eval.answer_scorer.network import (
    Network,
    has_answer,
    is_right,
    load_base,
    loss_of,
    save_quantised,
)
from eval.answer_scorer.questions import Question, read_questions
from eval.answer_scorer.swapping import Swapper
from eval.benchmarks.values import chance
from rag.answer_scoring import NumpyAnswerScorer
from rag.answer_scoring import scorer as module
from rag.answer_scoring.layout import lay_out, open_tokenizer

HARBOUR = (
    "The harbour of Lund opened in 1904. In May 46,610 ships arrived in Lund, 18% more than in "
    "April. The café sold 312 teas. In June 2019 the port of Holm landed 24,310 tonnes of fish."
)
ASKED = {
    "How many ships arrived in Lund in May?": "46,610",
    "How many teas were sold?": "312",
    "How many tonnes were landed in Holm in 2019?": "24,310",
    "What did the café sell?": "teas",
    "When did the harbour of Lund open?": "1904",
}


@pytest.fixture
def questions(tmp_path: Path) -> list[Question]:
    asked = [
        {
            "question": text,
            "answers": [{"text": answer, "answer_start": HARBOUR.index(answer)}],
        }
        for text, answer in ASKED.items()
    ]
    paragraphs = [{"context": HARBOUR, "qas": asked}]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "Lund_harbour", "paragraphs": paragraphs}]}))
    return read_questions(path)


def draws(questions: list[Question], *, swapping: bool) -> list[bool]:
    """Whether each of many drawn groups has an answer."""
    rng = chance("draws")
    tokenizer = open_tokenizer(str(module.FOLDER / "vocab.txt"))
    draw = drawing(tokenizer, rng, Swapper(questions, rng) if swapping else None)
    groups = [group for _ in range(60) for q in questions if (group := draw(q))]
    return [bool(answered) for answered in has_answer(batched(groups))]


def test_questions_are_those_that_one_figure_answers(questions: list[Question]) -> None:
    assert {q.text: q.answer.text for q in questions if q.answer} == {
        text: answer for text, answer in ASKED.items() if answer != "teas"
    }
    first = questions[0]
    assert first.line is not None
    assert first.line.title == "Lund harbour"
    assert first.line.text.startswith("In May")
    assert first.line.lead == "The harbour of Lund opened in 1904."
    assert first.line not in first.others
    assert all(line.figures for line in first.others)


def test_what_is_swapped_is_no_more_said_near_the_figure(questions: list[Question]) -> None:
    swapper = Swapper(questions, chance("swaps"))
    changed = [s for _ in range(50) for q in questions if (s := swapper.swapped(q))]
    assert changed
    originals = {q.line: q for q in questions}
    for question in changed:
        before = originals[question.line]
        assert question.line is not None
        assert question.text != before.text
        new = set(question.text.split()) - set(before.text.split())
        near = f"{question.line.text} {question.line.lead} {question.line.title}"
        assert any(word.strip("?.,") not in near for word in new)


def test_some_groups_have_no_answer_and_more_where_words_are_swapped(
    questions: list[Question],
) -> None:
    plain, swapped = draws(questions, swapping=False), draws(questions, swapping=True)
    assert 0.6 < sum(plain) / len(plain) < 0.9
    assert 0.2 < sum(swapped) / len(swapped) < sum(plain) / len(plain)


def test_the_loss_is_the_share_of_the_answer_among_all_and_silence(
    questions: list[Question],
) -> None:
    tokenizer = open_tokenizer(str(module.FOLDER / "vocab.txt"))
    draw = drawing(tokenizer, chance("loss"), None)
    drawn = (draw(questions[0]) for _ in range(20))
    group = next(group for group in drawn if any(any(right) for _, right in group))
    batch = batched([group])
    scores = torch.linspace(-1, 1, len(batch.right))
    answer = scores[batch.right][0].item()
    total = 1 + sum(map(math.exp, scores.tolist()))
    assert loss_of(scores, batch).item() == pytest.approx(math.log(total) - answer, abs=1e-4)
    silenced = batched([[(sheet, (False,) * len(right)) for sheet, right in group]])
    assert loss_of(scores, silenced).item() == pytest.approx(math.log(total), abs=1e-4)
    assert not has_answer(silenced).any()
    assert is_right(torch.full_like(scores, -1.0), silenced).all()
    assert is_right(torch.where(batch.right, 2.0, -2.0), batch).all()


def test_what_is_learnt_is_what_the_package_computes_with(
    questions: list[Question], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    network = Network().eval()
    save_quantised(network, tmp_path / "weights.safetensors")
    (tmp_path / "vocab.txt").write_bytes((module.FOLDER / "vocab.txt").read_bytes())
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    scorer = NumpyAnswerScorer()
    tokenizer = open_tokenizer(str(tmp_path / "vocab.txt"))
    question = questions[0]
    assert question.line is not None
    item = evidence(question.line.text)
    spans = [figure.span for figure in question.line.figures]
    sheet = lay_out(
        tokenizer,
        question.text,
        item.sentence.text,
        spans,
        title=item.document.title or "",
        lead="",
    )
    with torch.no_grad():
        told = network(batched([[(sheet, (False,) * len(spans))]])).tolist()
    (row,) = scorer.score(question.text, [item], [spans])
    assert row == pytest.approx(told, abs=0.05)


def test_the_encoder_of_another_file_is_taken_over(tmp_path: Path) -> None:
    one, other = Network(), Network()
    save_quantised(one, tmp_path / "one.safetensors")
    stored = load_file(tmp_path / "one.safetensors")
    floats = {
        f"bert.{name}": tensor.float() * stored.get(f"{name}.scale", torch.ones(1))[:, None]
        if tensor.dim() == 2
        else tensor
        for name, tensor in stored.items()
        if not name.endswith(".scale")
    }
    save_file(floats, tmp_path / "base.safetensors")
    load_base(other, tmp_path / "base.safetensors")
    kept = other.state_dict()["layers.3.wide.weight"]
    assert torch.allclose(kept, one.state_dict()["layers.3.wide.weight"], atol=1e-3)
