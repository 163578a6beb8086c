"""Answers in words: who, where, when and why, copied out of a sentence or written from one."""

from __future__ import annotations

from collections.abc import Callable

from rag.answering.drafts import Attempt
from rag.answering.phrases import Copied, find_phrase
from rag.answering.plausibility import states_all
from rag.answering.prose import ProseWriter
from rag.asking import Asking
from rag.citations import strip_markers
from rag.evidence import admissible
from rag.figures import Agreement, agree, find_figures
from rag.protocols import Generator, StopCheck, Verifier
from rag.question import TIMES
from rag.schema import Retrieval

# How many sentences the model is asked about before the answer is: the articles do not say.
# On 50 questions the third candidate never gave a right answer that was not there before.
_MAX_TRIES = 2


class Teller:
    """Finds words that answer a question.

    Args:
        generator: opened on first use.
        verifier: decides what may be shown as fact.
        prose: writes a sentence where no words can be copied.
    """

    def __init__(
        self, generator: Callable[[], Generator], verifier: Verifier, prose: ProseWriter
    ) -> None:
        self._generator = generator
        self._verifier = verifier
        self._prose = prose

    def tell(self, asking: Asking, retrieval: Retrieval, stop: StopCheck) -> Copied:
        """Words that the model copies, else a sentence in its words.

        Words that tell when and give two days or years do not say which is meant; and where words
        are looked for, a figure is no answer that would have to be looked up.
        """
        stated = [item for item in retrieval.evidence if states_all(asking, item)]
        copied = find_phrase(asking, stated, self._generator, self._verifier, stop)
        attempt = copied.attempt
        if not attempt.passed:
            near = admissible(asking.text, stated)[:_MAX_TRIES]
            attempt = self._prose.write(asking.text, near, stop)
        if asking.kinds is TIMES:
            refused = _tells_two_times(asking, attempt)
        else:
            refused = _gives_a_figure(asking, attempt)
        return Copied(copied.text, Attempt(None, attempt.first_token_s) if refused else attempt)


def bears_out(copied: Copied, asking: Asking, attempt: Attempt) -> bool:
    """Whether the model copied the figure that a lookup found, where it could copy words."""
    told = [f for f in find_figures(strip_markers(copied.text)) if f.kind in (asking.kinds or ())]
    shown = attempt.draft.verification.figures if attempt.draft else ()
    return any(
        agree(one, checked.figure) is not Agreement.DIFFERENT for one in told for checked in shown
    )


def _gives_a_figure(asking: Asking, attempt: Attempt) -> bool:
    told = attempt.draft.text.partition("“")[0] if attempt.draft else ""
    given = {figure.kind for figure in find_figures(strip_markers(told))}
    return bool(given & (asking.kinds or frozenset()))


def _tells_two_times(asking: Asking, attempt: Attempt) -> bool:
    told = find_figures(strip_markers(attempt.draft.text)) if attempt.draft else ()
    named = {figure.value for figure in asking.figures}
    return len({f.value for f in told if f.kind in TIMES} - named) > 1
