"""The questions of one visitor and what came of each."""

from __future__ import annotations

from dataclasses import dataclass

from rag.conversation import Exchange
from rag.errors import RagError
from rag.schema import Answer, Status
from rag.ui.desk import Progress
from rag.ui.pieces import answers, sources
from rag.ui.pieces.reading import Place, places_of
from rag.ui.pieces.text import counted

NO_EVIDENCE = '<p class="hint">The sentences behind an answer appear here.</p>'


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of one visitor and what came of it."""

    number: int
    question: str
    """As it was typed."""
    asked: str
    """Made whole; the same where it was whole."""
    reply: str
    """HTML, as are the sources."""
    sources: str = ""
    answer: Answer | None = None
    """None until there is one, and where an error or a stop came instead."""

    @property
    def places(self) -> tuple[Place, ...]:
        """The sentences that its links lead to."""
        if self.answer is None:
            return ()
        abstained = self.answer.status is Status.ABSTAINED
        shown = answers.nearest(self.answer) if abstained else self.answer.citations
        return places_of(shown, str(self.number))


Turns = tuple[Turn, ...]
"""Of one visitor, the oldest first."""


def before(turns: Turns) -> Exchange | None:
    """The last question that was asked, with its answer."""
    for turn in reversed(turns):
        if turn.answer is not None:
            return Exchange(turn.asked, answers.spoken(turn.answer))
    return None


def turn_of(
    number: int, question: str, whole: str, progress: Progress, *, loading: bool = False
) -> Turn:
    """What a question has come to, as it stands on the page."""
    outcome, found = progress.outcome, sources.evidence_html(progress.evidence)
    if isinstance(outcome, Answer):
        reply, found = answers.answer_html(outcome, number), sources.sources_html(outcome, number)
        return Turn(number, question, whole, reply, found, outcome)
    if isinstance(outcome, RagError):
        reply = answers.error_html(outcome, number)
        return Turn(number, question, whole, reply, found if progress.evidence else NO_EVIDENCE)
    if loading:  # which holds the model as a question does
        waiting = "Loading the model"
    elif progress.ahead:
        waiting = f"{counted(progress.ahead, 'question')} before yours"
    else:
        waiting = "Reading" if progress.evidence else "Searching"
    return Turn(number, question, whole, answers.draft_html(progress.draft, f"{waiting} …"), found)


def turns_of_chat(turns: Turns) -> list[dict[str, str]]:
    """The messages of the chat."""
    messages = []
    for turn in turns:
        asked_as = turn.asked if turn.asked != turn.question else None
        question = answers.question_html(turn.question, asked_as)
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": turn.reply})
    return messages


def folded(turns: Turns) -> str:
    """The sources of earlier questions, the newest first, each folded away."""
    return "".join(
        sources.earlier_html(turn.question, turn.sources)
        for turn in reversed(turns)
        if turn.sources
    )
