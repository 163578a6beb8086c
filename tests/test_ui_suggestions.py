from __future__ import annotations

from datetime import date

import pytest

from rag.schema import DocumentInfo, Sentence, Span, StatedFigure
from rag.statements import statements
from rag.ui.suggestions import MOST, suggestions


def rows(*texts: str) -> list[StatedFigure]:
    """The figures of sentences, each the one sentence of an article of its own."""
    found = []
    for number, text in enumerate(texts):
        info = DocumentInfo(f"a{number}", "a", "text/plain", "0" * 64, published=date(2031, 6, 1))
        sentence = Sentence(info.id, 0, Span(0, len(text)), text, 0)
        stated = statements(text, lead=None, published=info.published)
        found += [StatedFigure(statement, sentence, info) for statement in stated]
    return found


@pytest.mark.parametrize(
    ("text", "question"),
    [
        (
            "Some 4,610 ships were counted in the harbour in May.",
            "How many ships were counted in the harbour in May?",
        ),
        (
            "Around 900 people crossed the sound by night, the county said.",
            "How many people crossed the sound by night?",
        ),
        ("It took 312 of the berths were taken in May.", None),
        ("In May 46 ships came.", None),
        ("The rate was 18% of all arrivals were late in May.", None),
        ("They said 40 people were told that they had to leave it.", None),
        ("The tower is 46 metres high and was built long ago.", None),
    ],
)
def test_a_question_is_in_the_words_of_its_sentence(text: str, question: str | None) -> None:
    assert suggestions(rows(text)) == ((question,) if question else ())


def test_one_an_article_and_those_without_doubt_first() -> None:
    several = "Some 46 ships were moored at the pier and 12 boats were sold in the yard last week."
    alone = [f"Some {n}0 ships were counted in the harbour of {w} today." for n, w in WORDS]
    found = suggestions(rows(several, *alone, alone[0]))
    assert len(found) == len(set(found)) == MOST
    assert all("counted" in question for question in found)


WORDS = [(2, "Alm"), (3, "Birk"), (4, "Elm"), (5, "Ask"), (6, "Gran")]
