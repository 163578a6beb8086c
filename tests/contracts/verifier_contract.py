"""What every verifier must do; subclass and say how to make one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from job_samples import evidence

from rag.protocols import Verifier
from rag.schema import Verdict, Verification

SENTENCES = (
    "The harbour counted 46,610 arrivals in May, 18% more than in April.",
    "Tickets brought in $4.5 million during the summer.",
    "The captain praised the crew of the night ferry.",
)
EVIDENCE = tuple(evidence(text, position=n + 1) for n, text in enumerate(SENTENCES))

_PIECES = st.sampled_from(
    [
        *SENTENCES,
        *("[1]", "[2]", "[9]", "[0]", "[1, 7]", "[", "]"),
        *("46,610", "18%", "$4.5 million", "4711", "more than"),
        *(" ", "\n", ".", "“", "”", "Ships came", "é", "\ud800", "<|im_end|>"),
    ]
)
TEXTS = st.lists(_PIECES, max_size=8).map(" ".join) | st.text(max_size=60)


class VerifierContract:
    """Inherit and override :meth:`verifier`."""

    @pytest.fixture
    def verifier(self) -> Verifier:
        raise NotImplementedError

    @pytest.mark.parametrize("n", range(len(SENTENCES)))
    @pytest.mark.parametrize("form", ["{}. [{}]", "{} [{}]."])
    def test_a_sentence_that_is_copied_and_cited_passes(
        self, verifier: Verifier, n: int, form: str
    ) -> None:
        text = form.format(SENTENCES[n].rstrip("."), n + 1)
        verification = verifier.verify(text, EVIDENCE)
        assert verification.findings == ()
        assert verification.passed
        assert {f.marker for f in verification.figures} <= {n + 1}
        assert {f.verdict for f in verification.figures} <= {Verdict.EXACT}

    @pytest.mark.parametrize(
        "text",
        [
            f"{SENTENCES[0].replace('46,610', '46,601')} [1]",
            f"{SENTENCES[0].replace('18%', '81%')} [1]",
            f"{SENTENCES[1].replace('4.5', '45')} [2]",
            f"{SENTENCES[1].replace('million', 'billion')} [2]",
            f"{SENTENCES[2]} There were 12 of them. [3]",
        ],
    )
    def test_a_figure_that_is_another_fails(self, verifier: Verifier, text: str) -> None:
        assert not verifier.verify(text, EVIDENCE).passed

    @pytest.mark.parametrize("n", range(len(SENTENCES)))
    def test_without_its_marker_it_fails(self, verifier: Verifier, n: int) -> None:
        assert not verifier.verify(SENTENCES[n], EVIDENCE).passed

    @pytest.mark.parametrize("marker", ["[0]", "[4]", "[99]", "[1, 4]"])
    def test_a_marker_of_nothing_fails(self, verifier: Verifier, marker: str) -> None:
        for text in (f"{SENTENCES[0]} [1] {marker}", f"{marker} {SENTENCES[0]} [1]", marker):
            verification = verifier.verify(text, EVIDENCE)
            assert not verification.passed
            assert any(text[f.span.start : f.span.end] == marker for f in verification.findings), (
                verification.findings
            )

    def test_a_figure_of_another_sentence_than_the_cited_one_fails(
        self, verifier: Verifier
    ) -> None:
        assert not verifier.verify(f"{SENTENCES[0]} [2]", EVIDENCE).passed

    def test_without_evidence_nothing_passes(self, verifier: Verifier) -> None:
        assert not verifier.verify(f"{SENTENCES[0]} [1]", ()).passed

    @settings(
        max_examples=150,
        deadline=None,
        suppress_health_check=[
            HealthCheck.differing_executors,
            HealthCheck.function_scoped_fixture,
        ],
    )
    @given(text=TEXTS)
    @example(text="")
    @example(text="[1] [1] [1]")
    @example(text="46,610 [1][1] 46,610")
    def test_any_text_can_be_checked(self, verifier: Verifier, text: str) -> None:
        verification = verifier.verify(text, EVIDENCE)
        assert verification == verifier.verify(text, EVIDENCE)
        _check_places(text, verification)
        unsupported = [f for f in verification.figures if f.verdict is Verdict.UNSUPPORTED]
        assert not (unsupported and verification.passed)
        for checked in verification.figures:
            assert (checked.marker is None) == (checked.verdict is Verdict.UNSUPPORTED)
            assert checked.marker in {None, 1, 2, 3}


def _check_places(text: str, verification: Verification) -> None:
    for finding in verification.findings:
        assert finding.kind
        assert finding.message
        assert finding.span.end <= len(text)
    ends = 0
    for checked in verification.figures:
        span = checked.figure.span
        assert ends <= span.start < span.end <= len(text)
        ends = span.end
        assert text[span.start : span.end] == checked.figure.text or "[" in text
