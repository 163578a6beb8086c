"""Which sentences are about something, by words: each is looked at, none is left to a search."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from rag.schema import Evidence
from rag.words import content_words

# The sentence before and the title say what a sentence is about without naming it again.
_OF_CONTEXT = 0.7
# Half of what is asked for, weighted by rarity: "border arrests in May" takes a sentence with
# "arrests" under a title with "border".
_LEAST_SHARE = 0.5


def about(text: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences of some articles that are about ``text``, in their order.

    Args:
        text: a subject in a few words.
        evidence: all sentences of all articles, those of an article together and in order.
    """
    wanted = content_words(text)
    said = [content_words(item.sentence.text) for item in evidence]
    n_sentences = Counter(word for words in said for word in words)
    weight = {word: math.log(1 + len(said) / (1 + n_sentences[word])) + 0.1 for word in wanted}
    whole = sum(weight.values())
    found = []
    for position, item in enumerate(evidence):
        context = content_words(item.document.title or "") if item.document.title else set()
        if position and evidence[position - 1].document.id == item.document.id:
            context |= said[position - 1]
        own = wanted & said[position]
        share = sum(weight[word] for word in own)
        share += _OF_CONTEXT * sum(weight[word] for word in wanted & context - own)
        if own and share >= _LEAST_SHARE * whole:
            found.append(item)
    return tuple(found)
