"""Which figures speak of the same thing, and how they go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statement_samples import COURIER, JUNE, MAY, WIRE, outlet, period, stated

from rag.agreement import group_figures, relation
from rag.schema import Relation, StatedFigure

HOMES = "The flood left 340 homes in Harnby under water."
COUNTED = "Crews counted 410 homes under water in Harnby."
LATER = outlet("Gazette", date(2031, 7, 30))


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        pytest.param(
            stated(HOMES, "homes", MAY), stated(COUNTED, "homes", MAY, WIRE),
            Relation.DIFFER, id="same period, other value",
        ),
        pytest.param(
            stated(HOMES, "homes", MAY), stated(COUNTED, "homes", JUNE, WIRE),
            Relation.CHANGED, id="periods apart",
        ),
        pytest.param(
            stated(HOMES, "homes", MAY), stated(HOMES, "homes", MAY, WIRE),
            Relation.AGREE, id="same value",
        ),
        pytest.param(
            stated(HOMES, "homes", MAY),
            stated("The flood left more than 200 homes in Harnby under water.", "homes", MAY, WIRE),
            None, id="both can be true",
        ),
        pytest.param(
            stated("Ports took 46,610 tonnes of grain.", "tonnes of grain", MAY),
            stated("Ports took about 47,000 tonnes of grain.", "tonnes of grain", MAY, WIRE),
            Relation.AGREE, id="rounded",
        ),
        pytest.param(
            stated(HOMES, "homes", MAY),
            stated("Crews counted 410 homes under water in Sandsby.", "homes", MAY, WIRE),
            Relation.OTHER_SCOPE, id="another place",
        ),
        pytest.param(
            stated("Sales of goats in Norby fell by 4%.", "sales", MAY),
            stated("Sales of goats in Norby were 9% of all.", "sales", MAY, WIRE),
            None, id="a step is no level",
        ),
        pytest.param(
            stated("Norby sells 90 goats a day.", "goats", MAY),
            stated("Norby sold 2,700 goats.", "goats", MAY, WIRE),
            None, id="a rate is no total",
        ),
        pytest.param(
            stated(HOMES, "homes", MAY),
            stated("The flood left 12 people in Harnby under water.", "people", JUNE, WIRE),
            None, id="other nouns in the same words",
        ),
        pytest.param(
            stated("The gauge at Norby Bridge peaked at 4.86 metres.", "gauge", MAY),
            stated("The Sarn reached 4.91 metres at Norby Bridge.", "Sarn", MAY, WIRE),
            Relation.DIFFER, id="measured by another name",
        ),
        pytest.param(
            stated("Of 90 goats in Norby 40 were sold.", "goats", MAY, nth=0),
            stated("In Norby 40 goats were sold.", "goats", MAY, WIRE),
            None, id="its sentence tells the two apart",
        ),
        pytest.param(
            stated("Fares rise by 30 cents.", "fares", MAY),
            stated("The mayor has 3 dogs.", "dogs", MAY, WIRE),
            None, id="nothing in common",
        ),
        pytest.param(
            stated("It took 9 minutes to Norby harbour.", "minutes", MAY),
            stated("It was 9% to Norby harbour.", "", MAY, WIRE),
            None, id="other kinds",
        ),
        pytest.param(
            stated("Two pumps work at Norby harbour.", "pumps", MAY),
            stated("Norby harbour has pumps for 88,000.", "pumps", JUNE, WIRE),
            None, id="a hundred times as much",
        ),
        pytest.param(
            stated(HOMES, "homes"), stated(COUNTED, "homes", None, WIRE),
            Relation.DIFFER, id="no period, of the same day",
        ),
        pytest.param(
            stated(HOMES, "homes"), stated(COUNTED, "homes", None, LATER),
            Relation.CHANGED, id="no period, weeks later",
        ),
        pytest.param(
            stated(HOMES, "homes"),
            stated(COUNTED, "homes", None, replace(WIRE, published=None)),
            None, id="no period and no date",
        ),
        pytest.param(
            stated(HOMES, "homes", period("2031-06-20")), stated(COUNTED, "homes", None, WIRE),
            Relation.DIFFER, id="a day before, and no period",
        ),
        pytest.param(
            stated(HOMES, "homes", period("2031-01-01", "2031-12-31")),
            stated(COUNTED, "homes", MAY, WIRE),
            None, id="a month of the year",
        ),
    ],
)  # fmt: skip
def test_figures_go_together(
    one: StatedFigure, other: StatedFigure, together: Relation | None
) -> None:
    assert relation(one, other) is together
    assert relation(other, one) is together


@pytest.mark.parametrize("text", ["On 4 May 2031 it sank.", "The 4th ship sank.", "Call 555-0173."])
def test_what_says_no_amount_is_never_compared(text: str) -> None:
    assert relation(stated(text, "ship", MAY), stated(text, "ship", MAY, WIRE)) is None


def test_vectors_that_are_far_apart_overrule_words() -> None:
    one, other = stated(HOMES, "homes", MAY), stated(COUNTED, "homes", MAY, WIRE)
    assert relation(one, other, similarity=0.9) is Relation.DIFFER
    assert relation(one, other, similarity=0.1) is None


def test_who_says_it_is_no_part_of_what_is_said() -> None:
    one = stated(
        "The Harbour Board and Customs Office reported 340 ships from Norby.",
        "ships",
        MAY,
        speaker="The Harbour Board and Customs Office",
    )
    other = stated("Norby sent 410 ships.", "ships", MAY, WIRE)
    assert relation(one, other) is Relation.DIFFER


def test_a_thing_has_one_group_a_relation() -> None:
    third = outlet("Post")
    rows = [
        stated(HOMES, "homes", MAY),
        stated(COUNTED, "homes", MAY, WIRE),
        stated("In Harnby 340 homes were under water.", "homes", MAY, third),
        stated("In Harnby 95 homes were under water.", "homes", JUNE, third),
        stated("Fares rise by 30 cents.", "fares", JUNE, third),
    ]
    groups = {group.relation: group for group in group_figures(rows)}
    values = {
        name: [int(f.statement.figure.value) for f in group.figures]
        for name, group in groups.items()
    }
    assert values[Relation.AGREE] == [340, 340]
    assert values[Relation.DIFFER] == [340, 410]
    assert values[Relation.CHANGED][-1] == 95
    assert {group.noun for group in groups.values()} == {"homes"}


def test_articles_on_other_events_are_kept_apart() -> None:
    rows = [stated(HOMES, "homes", MAY), stated(COUNTED, "homes", MAY, WIRE)]
    assert group_figures(rows, same_event=lambda _one, _other: False) == ()
    assert len(group_figures(rows, same_event=lambda _one, _other: True)) == 1


NOUNS = ("homes", "goats", "ships")
ROWS = st.builds(
    lambda noun, value, when, document: stated(
        f"The town of Norby counted {value} {noun} near the harbour.", noun, when, document
    ),
    st.sampled_from(NOUNS),
    st.integers(2, 900),
    st.sampled_from([MAY, JUNE, None]),
    st.sampled_from([COURIER, WIRE, LATER]),
)


@given(st.lists(ROWS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_groups_hold_what_they_say(rows: Sequence[StatedFigure]) -> None:
    for group in group_figures(rows):
        assert len(group.figures) > 1
        pairs = [relation(one, other) for one, other in combinations(group.figures, 2)]
        if group.relation is Relation.CHANGED:
            assert Relation.CHANGED in pairs
        else:
            assert set(pairs) == {group.relation}


@given(ROWS, ROWS)
@settings(max_examples=60, deadline=None)
def test_a_relation_is_the_same_from_both_sides(one: StatedFigure, other: StatedFigure) -> None:
    assert relation(one, other) is relation(other, one)
