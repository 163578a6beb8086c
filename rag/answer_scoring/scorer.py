"""The answer scorer in numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.answer_scoring.layout import Sheet, lay_out, open_tokenizer
from rag.encoder import Array, BertEncoder, in_batches
from rag.errors import ModelCorruptError
from rag.schema import Evidence, Span

FOLDER = Path(__file__).parent
_N_LAYERS = 12
_N_HEADS = 12
_EPSILON = 1e-12


class NumpyAnswerScorer:
    """Scores figures as answers; the score of no answer is 0 (Clark and Gardner, ACL 2018).

    Weights are kept in 8 bits, a scale a row, and computed with in 32.

    Raises:
        ModelCorruptError: the weights are missing or broken.
    """

    name = "answer-scorer:26c4787ea2864d8f"
    """With the beginning of the sha256 of the weights."""

    def __init__(self) -> None:
        from safetensors.numpy import load_file

        try:
            stored = load_file(FOLDER / "weights.safetensors")
            self._tokenizer = open_tokenizer(str(FOLDER / "vocab.txt"))
            self._heads = {kind: stored.pop(f"heads.{kind}") for kind in ("weight", "bias")}
            self._encoder = BertEncoder(
                _in_32_bits(stored), n_layers=_N_LAYERS, n_heads=_N_HEADS, epsilon=_EPSILON
            )
        # tokenizers raises nothing narrower.
        except Exception as error:
            raise ModelCorruptError(
                f"The answer scorer in {FOLDER} cannot be loaded: {error}.",
                "Install citeline again.",
            ) from error

    def score(
        self, question: str, evidence: Sequence[Evidence], spans: Sequence[Sequence[Span]]
    ) -> list[tuple[float, ...]]:
        """Score spans of sentences as the answer to a question.

        Args:
            question: as it was asked.
            evidence: sentences with their articles.
            spans: of each sentence, offsets in its text.

        Returns:
            Of each sentence the scores of its spans; -inf where a span was not read. With the
            exponentials of all scores and 1, for no answer, as shares, each is a probability.
        """
        sheets = [
            lay_out(
                self._tokenizer,
                question,
                item.sentence.text,
                of_item,
                title=item.document.title or "",
                lead=item.before[-1].text if item.before else "",
            )
            for item, of_item in zip(evidence, spans, strict=True)
        ]
        scores: list[tuple[float, ...]] = [()] * len(sheets)

        def fill(rows: Sequence[int]) -> None:
            ids = [sheets[row].ids for row in rows]
            hidden, _ = self._encoder.hidden(ids, [sheets[row].types for row in rows])
            for row, states in zip(rows, hidden, strict=True):
                scores[row] = self._of_sheet(sheets[row], states)

        in_batches([sheet.ids for sheet in sheets], fill)
        return scores

    def _of_sheet(self, sheet: Sheet, states: Array) -> tuple[float, ...]:
        first, last, whole = self._heads["weight"]
        constant = states[0] @ whole + self._heads["bias"][0]
        return tuple(
            float(states[place[0]] @ first + states[place[1]] @ last + constant)
            if place
            else -math.inf
            for place in sheet.places
        )


def _in_32_bits(stored: dict[str, Array]) -> dict[str, Array]:
    """Tensors with their scales taken in."""
    return {
        name: np.asarray(tensor, dtype=np.float32)
        * (stored[f"{name}.scale"][:, None] if f"{name}.scale" in stored else np.float32(1))
        for name, tensor in stored.items()
        if not name.endswith(".scale")
    }
