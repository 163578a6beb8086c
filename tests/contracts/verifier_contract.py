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

    @pytest.mark.parametrize(
        ("sentence", "right", "wrong"),
        [
            (
                "Sales rose 4% in May and 6% in June.",
                "In June sales rose 6%.",
                ["Sales rose 4% in June.", "In May sales rose 6%.", "Sales fell 4% in May."],
            ),
            (
                "The choir has 12 women and 14 men.",
                "There are 14 men in the choir.",
                ["The choir has 14 women.", "There are 12 men in the choir."],
            ),
            (
                "Holm sold 300 boats and Arden 450.",
                "Arden sold 450 boats.",
                ["Arden sold 300 boats.", "In Holm 450 boats were sold."],
            ),
            (
                "Of the 640 members, 212 are under 18.",
                "212 of the 640 members are under 18.",
                ["640 of the members are under 18.", "Of the 212 members, 640 are under 18."],
            ),
        ],
    )
    def test_a_figure_of_another_thing_or_time_fails(
        self, verifier: Verifier, sentence: str, right: str, wrong: list[str]
    ) -> None:
        found = (evidence(sentence),)
        assert verifier.verify(f"{right} [1]", found).passed
        for text in wrong:
            verification = verifier.verify(f"{text} [1]", found)
            assert not verification.passed, text
            misbound = [f for f in verification.figures if f.verdict is Verdict.MISBOUND]
            assert misbound, text
            assert all(f.marker == 1 for f in misbound)
            assert any(finding.kind == "misbound" for finding in verification.findings)

    def test_figures_of_neighbouring_sentences_are_not_exchanged(self, verifier: Verifier) -> None:
        found = (
            evidence("The firm made 4.2 million euros in 2023.", position=1),
            evidence("In 2022 it had made 3.1 million euros.", position=2),
        )
        right = "The firm made 4.2 million euros in 2023. [1] [2]"
        assert verifier.verify(right, found).passed
        for wrong in (right.replace("4.2", "3.1"), right.replace("2023", "2022")):
            assert not verifier.verify(wrong, found).passed, wrong

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
        wrong = {Verdict.UNSUPPORTED, Verdict.MISBOUND}
        assert not (wrong & {f.verdict for f in verification.figures} and verification.passed)
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
