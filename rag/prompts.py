"""Every word that the chat model is told, in one place.

The system message of each job is fixed, so that its state in the model is reused from question
to question. What people wrote (articles, questions) is only ever the content of a user message,
which the generator tokenises without control tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from rag.schema import Evidence, Message

NOT_STATED = "Not stated"
"""What the model writes where the sentences do not answer; compared without regard to case."""

_ANSWER = (
    "You answer a question from one sentence of a news article. Write one short, complete "
    "sentence that answers the question, copying figures and words such as 'more than' exactly. "
    f"If the sentence does not state the answer, write: {NOT_STATED}."
)
_ONE_FIGURE = "Give only the one figure that is asked for, and no other."
_KEY_POINT = (
    "You sum up part of a news article. Write its most important point in one short, complete "
    "sentence, in the words of the article, copying figures exactly. Use nothing but the text."
)


def fingerprint() -> str:
    """Hash of all templates: another prompt is another setting."""
    return hashlib.sha256(
        f"{_ANSWER}\n{_ONE_FIGURE}\n{_KEY_POINT}\n{NOT_STATED}".encode()
    ).hexdigest()


def answer_messages(
    question: str, evidence: Evidence, *, one_figure: bool = False
) -> tuple[Message, ...]:
    """Ask for the answer that one sentence states, or :data:`NOT_STATED`.

    With ``one_figure``, say that of several figures only the one asked for is wanted.
    """
    text = f"Sentence: {_in_context(evidence)}\n\nQuestion: {question}"
    return (
        Message("system", _ANSWER),
        Message("user", f"{text}\n{_ONE_FIGURE}" if one_figure else text),
    )


def key_point_messages(evidence: Sequence[Evidence]) -> tuple[Message, ...]:
    """Ask for the main point of sentences of one article that follow each other."""
    text = " ".join(_one_line(e.sentence.text) for e in evidence)
    return (Message("system", _KEY_POINT), Message("user", f"Text: {text}"))


def _in_context(evidence: Evidence) -> str:
    lead = f"({evidence.lead.text}) " if evidence.lead else ""
    return _one_line(lead + evidence.sentence.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
