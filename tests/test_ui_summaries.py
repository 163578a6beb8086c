"""What is summed up and how: the fields of the page, and the HTML of every form."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import ui_samples as samples
from ui_parsing import Parsed

from rag.cli import summaries as printed
from rag.cli.summarizing import How
from rag.errors import UsageError
from rag.schema import (
    Coverage,
    Digest,
    DigestPoint,
    Filters,
    Length,
    Relation,
    Summary,
)
from rag.ui.pieces import summaries
from rag.ui.pieces.summaries import places, so_far_html, summary_html
from rag.ui.wanted import FIGURES_ONLY, Choices, Form, wanted

PART = Filters(documents=("a", "b"))
ROWS = samples.stated()
ONE = Summary(samples.HARBOUR, samples.POINTS, 3, 3, (), 1.0, "0" * 64, ROWS)
MANY = Digest(
    (samples.HARBOUR, samples.FERRIES),
    None,
    tuple(
        DigestPoint(relation, point.text, point.citations, ROWS[:1])
        for relation, point in zip((Relation.AGREE, None), samples.POINTS, strict=True)
    ),
    ROWS,
    Coverage(2, 2, 4, 4),
    (),
    1.0,
)


def test_one_article_alone_is_read_by_the_model_and_as_figures_by_code() -> None:
    one = wanted(Choices("a", length="long", form="prose"), PART)
    assert (one.document, one.length, one.form) == ("a", Length.LONG, Form.PROSE)
    assert one.needs_model
    assert not wanted(Choices("a", form="table"), PART).needs_model


@pytest.mark.parametrize(
    ("choices", "filters"),
    [
        (Choices(), PART),
        (Choices(about=" ships "), PART),
        (Choices("a", about="ships"), Filters(documents=("a",))),
        (
            Choices("a", since="2031-06-01", until=" 2031-06-30 "),
            Filters(documents=("a",), since=date(2031, 6, 1), until=date(2031, 6, 30)),
        ),
    ],
)
def test_a_subject_or_a_day_asks_many(choices: Choices, filters: Filters) -> None:
    asked = wanted(choices, PART)
    assert (asked.document, asked.filters, asked.needs_model) == (None, filters, False)
    assert asked.about == ("ships" if choices.about else None)


def test_a_day_that_is_none_is_said_to_be() -> None:
    with pytest.raises(UsageError, match="yesterday"):
        wanted(Choices(since="yesterday"), PART)


def test_page_and_command_line_offer_the_same_and_call_it_the_same() -> None:
    assert [form.value for form in Form] == [form.value for form in How]
    assert summaries.HEADINGS == printed._HEADINGS


@pytest.mark.parametrize("found", [ONE, MANY], ids=["one", "many"])
@pytest.mark.parametrize("form", list(Form))
def test_every_link_leads_to_a_place_of_its_own(found: Summary | Digest, form: Form) -> None:
    html = Parsed(summary_html(found, form))
    ids = [place.id for place in places(found, form)]
    hrefs = [a["href"] for tag, a in html.tags if tag == "a"]
    assert set(hrefs) == {f"#{key}" for key in ids}
    assert len(ids) == len(set(ids)) or form not in FIGURES_ONLY
    assert "46,610" in html.text


def test_a_table_has_a_row_a_figure_and_a_timeline_the_order_of_the_periods() -> None:
    table = Parsed(summary_html(ONE, Form.TABLE))
    assert [tag for tag, _ in table.tags].count("tr") == 1 + len(ROWS)
    line = Parsed(summary_html(ONE, Form.TIMELINE)).text
    assert line.index("39,480") < line.index("46,610") < line.index("no period stated")


def test_many_have_headings_and_outlets_prose_has_no_list() -> None:
    bullets = Parsed(summary_html(MANY, Form.BULLETS))
    assert "What they agree on" in bullets.text
    assert "Coast Courier, 21 June 2031" in bullets.text
    assert "the same story in Northern Wire, 22 June 2031" in bullets.text
    assert "li" not in [tag for tag, _ in Parsed(summary_html(MANY, Form.PROSE)).tags]
    assert so_far_html(MANY.points, Form.TABLE) == ""


@pytest.mark.parametrize("form", list(Form))
def test_nothing_is_said_to_be_nothing(form: Form) -> None:
    empty = Digest((), None, (), (), Coverage(0, 0, 0, 0), (), 0.0)
    assert "nothing to sum up" in summary_html(empty, form)


@pytest.mark.parametrize("form", [Form.TABLE, Form.TIMELINE])
def test_articles_that_share_no_figure_are_said_to(form: Form) -> None:
    html = summary_html(replace(MANY, figures=()), form)
    assert "share no figure" in html
    assert "bullets" in html
