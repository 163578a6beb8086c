"""The tokens of an embedder, counted and made by its own tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.embedding.folder import read_table, unusable
from rag.text import encodable


class WordPieces:
    """Counts and makes the tokens that the embedder reads; nothing is cut in silence.

    Args:
        folder: a sentence-transformers model folder.

    Raises:
        ModelCorruptError: the folder has no usable tokenizer, or does not say how much the model
            reads.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self.max_tokens = _max_tokens(folder)
        # tokenizers raises nothing narrower.
        except Exception as error:
            raise unusable(folder, error) from error
        # tokenizer.json of all-MiniLM-L6-v2 says: truncate and pad at 128. The model reads 256.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        """Word pieces of a text, the two special tokens included."""
        return len(self._tokenizer.encode(encodable(text)).ids)

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, cut at what the model reads."""
        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        return [_cut(e.ids, self.max_tokens) for e in encodings]


def _max_tokens(folder: Path) -> int:
    """Word pieces that the model reads, wherever the version that saved it has written that."""
    limit = read_table(folder / "sentence_bert_config.json").get("max_seq_length")
    if limit is None:
        limit = read_table(folder / "tokenizer_config.json")["model_max_length"]
    # A tokenizer without a limit states a huge one.
    positions = read_table(folder / "config.json").get("max_position_embeddings", limit)
    return int(min(limit, positions))


def _cut(ids: list[int], limit: int) -> list[int]:
    # The last id is [SEP], which the model expects at the end of whatever it reads.
    return ids if len(ids) <= limit else [*ids[: limit - 1], ids[-1]]
