from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag.drafts import draft_of, is_checked, read_draft
from rag.errors import InputError
from rag.figures import find_figures


@pytest.mark.parametrize(
    ("sentence", "checked"),
    [
        ("It cost £33m in 2017.", ["£33m"]),
        ("On 4 May the 3rd of 12 ferries sank.", ["12"]),
        ("She is 34 and waited two weeks.", ["34", "two weeks"]),
        ("Call 555-0142.", []),
    ],
)
def test_dates_years_ordinals_and_identifiers_are_no_claims(
    sentence: str, checked: list[str]
) -> None:
    assert [f.text for f in find_figures(sentence) if is_checked(f)] == checked


def test_spans_are_in_the_text_and_a_sentence_leads_the_next_of_its_paragraph() -> None:
    draft = draft_of("It  rose.\u00a0It fell.\n\nIt stayed.")
    assert [draft.text[s.span.start : s.span.end] for s in draft.sentences] == [
        "It rose.",
        "It fell.",
        "It stayed.",
    ]
    assert [s.lead for s in draft.sentences] == [None, "It rose.", None]


def test_front_matter_gives_the_date_and_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("---\ntitle: Ferries\npublished: 2024-03-02\n---\n# Ferries\n\nIt *rose* 4%.\n")
    draft = read_draft(str(path))
    assert draft.dated == date(2024, 3, 2)
    assert draft.text == "Ferries\n\nIt rose 4%."
    assert draft.name == "draft.md"


def test_standard_input_is_read_by_what_it_holds() -> None:
    assert read_draft("-", b"Sales rose 4%.").text == "Sales rose 4%."


@pytest.mark.parametrize("stdin", [b"", b"   \n", b"\x00\x01\x02\xff" * 40])
def test_what_is_no_text_is_refused_with_a_hint(stdin: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_draft("-", stdin)
    assert caught.value.hint


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        read_draft(str(tmp_path / "draft.md"))


def test_several_records_are_several_drafts_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"text": "Sales rose 4% in May."}\n{"text": "They fell 3% in June."}\n')
    with pytest.raises(InputError, match="2 texts"):
        read_draft(str(path))
