"""Which figure of some sentences answers a question: a small cross-encoder, trained for that.

weights.safetensors is our own: the network of cross-encoder/ms-marco-MiniLM-L-12-v2 (Apache-2.0),
trained further by ``python -m eval.answer_scorer`` on the questions of SQuAD 1.1 (CC BY-SA 4.0)
that a figure answers, and on 4,800 questions on news that were written for it. docs/EVALUATION.md
tells what was tried and what it gave.
"""

from __future__ import annotations

from rag.answer_scoring.scorer import NumpyAnswerScorer

__all__ = ["NumpyAnswerScorer"]
