"""Every word that the chat model is told, in one place.

The system message of each job is fixed, so that its state in the model is reused from question
to question. What people wrote (articles, questions) is only ever the content of a user message,
which the generator tokenises without control tokens.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

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
_PARTS = """\
You break a question about news articles into two or three simple questions, one a line. Each \
asks for one figure that an article may state, and repeats the names, places and dates that it \
needs.

Question: How many more tickets did the Lyric theatre sell in May 2021 than in June?
How many tickets did the Lyric theatre sell in May 2021?
How many tickets did the Lyric theatre sell in June 2021?

Question: What percentage of the people who applied for a visa in Oslo got one?
How many people got a visa in Oslo?
How many people applied for a visa in Oslo?

Question: By how many percent did the price of a loaf in Ghent rise between 2019 and 2023?
What was the price of a loaf in Ghent in 2023?
What was the price of a loaf in Ghent in 2019?

Question: How many died in the fire at Rovik mill, and how many were hurt?
How many died in the fire at Rovik mill?
How many were hurt in the fire at Rovik mill?

Question: Which was longer, the strike at Dorn or the one at Calle?
How long was the strike at Dorn?
How long was the strike at Calle?

Question: How many of the pupils of Hale school did not pass?
How many pupils does Hale school have?
How many pupils of Hale school passed?

Question: Did the bridge at Elm cost more than planned, and by how much?
How much did the bridge at Elm cost?
How much was the bridge at Elm planned to cost?"""
_NEUTRAL = """\
A question may take a figure for granted that is wrong. You write the neutral question that asks \
for that figure and does not name it.

Question: Is it true that only 200 people came to the opening of the Lyric theatre?
How many people came to the opening of the Lyric theatre?

Question: Why did the price of bread in Ghent double last year?
By how much did the price of bread in Ghent change last year?

Question: The strike at Dorn lasted three weeks, correct?
How long did the strike at Dorn last?

Question: bridge at elm cost 40 million?
How much did the bridge at Elm cost?

Question: Given that most pupils of Hale school failed in 2023, what percentage was it?
What percentage of pupils of Hale school failed in 2023?"""
_SHORTEN = (
    "You shorten a sentence of a news article by leaving out words that it can do without. Change "
    "no word that stays. Keep every figure, date and name, who says it and of when it speaks."
)


def fingerprint() -> str:
    """Hash of all templates: another prompt is another setting."""
    return hashlib.sha256(
        f"{_ANSWER}\n{_SHORTEN}\n{_EXTRACT}\n{_PARTS}\n{_NEUTRAL}\n{NOT_STATED}".encode()
    ).hexdigest()


def answer_messages(question: str, evidence: Evidence) -> tuple[Message, ...]:
    """Ask for the answer that one sentence states, or :data:`NOT_STATED`."""
    text = f"Sentence: {_in_context(evidence)}\n\nQuestion: {question}"
    return (Message("system", _ANSWER), Message("user", text))


def extraction_messages(
    question: str, document: DocumentInfo, sentences: Sequence[str]
) -> tuple[Message, ...]:
    """Ask for the shortest answer that sentences of one article state, or :data:`NOT_STATED`."""
    day = f" ({document.published.isoformat()})" if document.published else ""
    text = _one_line(f"{document.name}{day}. {' '.join(sentences)}")
    return (
        Message("system", _EXTRACT),
        Message("user", f"Text: {text}\n\nQuestion: {question}"),
    )


def parts_messages(question: str) -> tuple[Message, ...]:
    """Ask for the simple questions that a question is made of."""
    return (Message("system", _PARTS), Message("user", f"Question: {_one_line(question)}"))


def neutral_messages(question: str) -> tuple[Message, ...]:
    """Ask for a question without the figure that it takes for granted."""
    return (Message("system", _NEUTRAL), Message("user", f"Question: {_one_line(question)}"))


def shorten_messages(evidence: Evidence) -> tuple[Message, ...]:
    """Ask for a sentence in fewer words."""
    text = _one_line(evidence.sentence.text)
    return (Message("system", _SHORTEN), Message("user", f"Sentence: {text}"))


def _in_context(evidence: Evidence) -> str:
    lead = f"({evidence.lead.text}) " if evidence.lead else ""
    return _one_line(lead + evidence.sentence.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())
