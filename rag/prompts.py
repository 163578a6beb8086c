"""Every word that the chat model is told, in one place.

The system message of each job is fixed, so that its state in the model is reused from question
to question. What people wrote (articles, questions) is only ever the content of a user message,
which the generator tokenises without control tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from rag.schema import DocumentInfo, Evidence, Message

NOT_STATED = "Not stated"
"""What the model writes where the sentences do not answer; compared without regard to case."""

_ANSWER = (
    "You answer a question from one sentence of a news article. Write one short, complete "
    "sentence that answers the question, copying figures and words such as 'more than' exactly. "
    f"If the sentence does not state the answer, write: {NOT_STATED}."
)
_EXTRACT = (
    "You answer a question from a news text. Give the shortest answer, copied exactly from the "
    f"text. If the text does not state it, write: {NOT_STATED}."
)
_FIGURES = (
    "Answer from the text with its figures, copied exactly. If it does not state them, write: "
    f"{NOT_STATED}."
)
_SHORTEN = (
    "You shorten a sentence of a news article by leaving out words that it can do without. Change "
    "no word that stays. Keep every figure, date and name, who says it and of when it speaks."
)


def fingerprint() -> str:
    """Hash of all templates: another prompt is another setting."""
    return hashlib.sha256(f"{_ANSWER}\n{_SHORTEN}\n{_EXTRACT}\n{_FIGURES}".encode()).hexdigest()


def answer_messages(question: str, evidence: Evidence) -> tuple[Message, ...]:
    """Ask for the answer that one sentence states, or :data:`NOT_STATED`."""
    text = f"Sentence: {_in_context(evidence)}\n\nQuestion: {question}"
    return (Message("system", _ANSWER), Message("user", text))


def extraction_messages(
    question: str, passages: Iterable[tuple[DocumentInfo, Sequence[str]]]
) -> tuple[Message, ...]:
    """Ask for the shortest answer that sentences state, or :data:`NOT_STATED`.

    Args:
        question: in one paragraph.
        passages: articles, each with sentences of it.
    """
    return (Message("system", _EXTRACT), _text_and_question(question, passages))


def figure_messages(
    question: str, passages: Iterable[tuple[DocumentInfo, Sequence[str]]]
) -> tuple[Message, ...]:
    """Ask a model that reads figures for those that answer, or :data:`NOT_STATED`.

    It was taught behind these very words (eval/figure_adapter). Several figures are parted by
    semicolons, or by signs where one is to be computed of them. Arguments as for
    :func:`extraction_messages`.
    """
    return (Message("system", _FIGURES), _text_and_question(question, passages))


def shorten_messages(evidence: Evidence) -> tuple[Message, ...]:
    """Ask for a sentence in fewer words."""
    text = _one_line(evidence.sentence.text)
    return (Message("system", _SHORTEN), Message("user", f"Sentence: {text}"))


def _in_context(evidence: Evidence) -> str:
    lead = f"({evidence.lead.text}) " if evidence.lead else ""
    return _one_line(lead + evidence.sentence.text)


def _text_and_question(
    question: str, passages: Iterable[tuple[DocumentInfo, Sequence[str]]]
) -> Message:
    text = "\n\n".join(_passage(document, sentences) for document, sentences in passages)
    return Message("user", f"Text: {text}\n\nQuestion: {_one_line(question)}")


def _passage(document: DocumentInfo, sentences: Sequence[str]) -> str:
    """Sentences behind the name of their article and its day."""
    day = f" ({document.published.isoformat()})" if document.published else ""
    return _one_line(f"{document.name}{day}. {' '.join(sentences)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())
