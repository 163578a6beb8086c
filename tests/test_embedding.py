from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from contracts.embedder_contract import EmbedderContract

from rag.embedding import (
    NumpyEmbedder,
    SentenceTransformerEmbedder,
    WordPieces,
    open_embedder,
)
from rag.errors import ModelCorruptError
from rag.protocols import Embedder

SENTENCE = "The harbour handled 46,610 tonnes of cargo in May 2017, 18% more than a year before. "
VARIED = (
    *("", " ", "\n\n", ".", "a", "Rain", "RAIN", "rain", "the of and", "?!?!"),
    *("46,610", "18%", "$4.5 million", "1,234,567.89", "2017-05-31", "+1 (555) 010-9999"),
    *(
        "Müller naïve façade Ærøskøbing",
        "МОСКВА Москва",
        "東京都は日本の首都",
        "한국어 문장입니다.",
    ),
    *("שלום עולם", "مرحبا بالعالم", "สวัสดีชาวโลก", "नमस्ते दुनिया", "🙂 👩‍👩‍👧 🇺🇳", "e\u0301 vs é"),
    *("[CLS] [SEP] [MASK] [UNK] [PAD]", "##ing ##s", "\x00\x07 control", "a\u200bb\u00adc\ufeffd"),
    *("x" * 99, "x" * 101, "-" * 60, "https://a.example/b?c=d&e=f#g", "snake_case CamelCase it's"),
    *(SENTENCE, SENTENCE * 2, SENTENCE * 5, SENTENCE * 40, "word " * 254, "word " * 255),
)
CONFIG, SENTENCE_CONFIG = "config.json", "sentence_bert_config.json"
POOLING, PROMPTS = "1_Pooling/config.json", "config_sentence_transformers.json"

Change = Mapping[str, object]
Edit = Callable[[Mapping[str, Change]], Path]


@pytest.fixture
def edited(embedder_folder: Path, tmp_path: Path) -> Edit:
    """Makes a folder like the embedder's, with changed keys in some of its JSON files."""

    def edit(changes: Mapping[str, Change]) -> Path:
        for path in embedder_folder.rglob("*"):
            copy = tmp_path / path.relative_to(embedder_folder)
            copy.parent.mkdir(exist_ok=True, parents=True)
            if path.is_file():
                copy.symlink_to(path)
        for name, change in changes.items():
            table = json.loads((tmp_path / name).read_text())
            replace_file(tmp_path / name, json.dumps({**table, **change}).encode())
        return tmp_path

    return edit


def replace_file(path: Path, data: bytes) -> None:
    path.unlink()  # a link to the real file
    path.write_bytes(data)


SAVED_BY_VERSION_6: dict[str, Change] = {
    SENTENCE_CONFIG: {"max_seq_length": None, "transformer_task": "feature-extraction"},
    "tokenizer_config.json": {"model_max_length": 256},
    POOLING: {"pooling_mode": "mean", "pooling_mode_mean_tokens": None},
    PROMPTS: {"prompts": {"query": "", "document": ""}, "default_prompt_name": None},
}


# --- word pieces ---------------------------------------------------------------------------


@pytest.mark.models
class TestWordPieces:
    @pytest.mark.parametrize(
        ("text", "n_tokens"),
        [("", 2), ("Rain.", 4), ("word " * 127, 129), ("word " * 1000, 1002), ("\ud800", 3)],
    )
    def test_all_of_a_text_is_counted(
        self, embedder_folder: Path, text: str, n_tokens: int
    ) -> None:
        assert WordPieces(embedder_folder).count(text) == n_tokens

    def test_ids_are_cut_at_what_the_model_reads_and_never_padded(
        self, embedder_folder: Path
    ) -> None:
        pieces = WordPieces(embedder_folder)
        assert pieces.max_tokens == 256
        found = pieces.ids(["", "Rain fell.", "word " * 254, "word " * 255])
        assert [len(ids) for ids in found] == [2, 5, 256, 256]
        cls, sep = found[0]
        assert {(ids[0], ids[-1]) for ids in found} == {(cls, sep)}
        assert found[2] == found[3]

    @pytest.mark.parametrize(
        ("changes", "max_tokens"),
        [
            (SAVED_BY_VERSION_6, 256),
            ({SENTENCE_CONFIG: {"max_seq_length": 128}}, 128),
            ({SENTENCE_CONFIG: {"max_seq_length": 1024}}, 512),
            (SAVED_BY_VERSION_6 | {"tokenizer_config.json": {"model_max_length": 10**30}}, 512),
            ({CONFIG: {"max_position_embeddings": 64}}, 64),
        ],
    )
    def test_the_limit_is_found_where_each_version_writes_it(
        self, edited: Edit, changes: Mapping[str, Change], max_tokens: int
    ) -> None:
        assert WordPieces(edited(changes)).max_tokens == max_tokens


@pytest.fixture(scope="module")
def in_numpy(embedder_folder: Path) -> Embedder:
    return NumpyEmbedder(embedder_folder, name="mini")


@pytest.fixture(scope="module")
def in_library(embedder_folder: Path) -> Embedder:
    return SentenceTransformerEmbedder(embedder_folder, name="mini")


# --- numpy ---------------------------------------------------------------------------------


@pytest.mark.models
class TestNumpyEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, in_numpy: Embedder) -> Embedder:
        return in_numpy

    def test_a_model_saved_by_version_6_has_the_same_vectors(
        self, embedder: Embedder, edited: Edit
    ) -> None:
        folder = edited(SAVED_BY_VERSION_6)
        assert NumpyEmbedder.can_run(folder)
        again = NumpyEmbedder(folder, name="again")
        assert np.array_equal(again.embed_query(SENTENCE), embedder.embed_query(SENTENCE))


@pytest.mark.models
def test_the_default_embedder_runs_in_numpy(embedder_folder: Path) -> None:
    assert NumpyEmbedder.can_run(embedder_folder)


@pytest.mark.models
@pytest.mark.parametrize(
    ("name", "change"),
    [
        (CONFIG, {"model_type": "roberta"}),
        (CONFIG, {"hidden_act": "relu"}),
        (CONFIG, {"position_embedding_type": "relative_key"}),
        (CONFIG, {"num_hidden_layers": 7}),
        (CONFIG, {"num_hidden_layers": None}),
        (SENTENCE_CONFIG, {"do_lower_case": True}),
        (POOLING, {"pooling_mode_mean_tokens": False, "pooling_mode_cls_token": True}),
        (POOLING, {"pooling_mode_max_tokens": True}),
        (POOLING, {"pooling_mode": "cls"}),
        (PROMPTS, {"prompts": {"query": "query: ", "document": ""}}),
    ],
)
def test_another_network_is_left_to_the_library(edited: Edit, name: str, change: Change) -> None:
    folder = edited({name: change})
    assert not NumpyEmbedder.can_run(folder)
    assert isinstance(open_embedder(folder, name="m", n_texts=1), SentenceTransformerEmbedder)


@pytest.mark.models
@pytest.mark.parametrize(
    "modules",
    [
        [],
        [{"type": "x.Transformer"}, {"type": "x.Pooling"}],
        [{"type": "x.Transformer"}, {"type": "x.Pooling"}, {"type": "x.Dense"}],
        [{"name": "0"}],
        {"type": "x.Transformer"},
    ],
)
def test_other_modules_are_left_to_the_library(edited: Edit, modules: object) -> None:
    folder = edited({})
    replace_file(folder / "modules.json", json.dumps(modules).encode())
    assert not NumpyEmbedder.can_run(folder)


@pytest.mark.models
@pytest.mark.parametrize("kind", [np.float16, np.float64])
def test_weights_of_another_precision_are_left_to_the_library(
    edited: Edit, embedder_folder: Path, kind: type[np.floating[Any]]
) -> None:
    from safetensors.numpy import load_file, save_file

    folder = edited({})
    weights = load_file(embedder_folder / "model.safetensors")
    name = "encoder.layer.0.output.dense.bias"
    (folder / "model.safetensors").unlink()
    save_file(weights | {name: weights[name].astype(kind)}, folder / "model.safetensors")
    assert not NumpyEmbedder.can_run(folder)


def test_a_folder_without_a_model_is_left_to_the_library(tmp_path: Path) -> None:
    assert not NumpyEmbedder.can_run(tmp_path)
    assert not NumpyEmbedder.can_run(tmp_path / "none")


@pytest.mark.models
@pytest.mark.parametrize("name", ["tokenizer.json", CONFIG, SENTENCE_CONFIG, "model.safetensors"])
@pytest.mark.parametrize("damage", ["half", "text", "number", "missing"])
def test_a_broken_folder_is_refused(edited: Edit, name: str, damage: str) -> None:
    folder = edited({})
    whole = (folder / name).read_bytes()
    data = {"half": whole[: len(whole) // 2], "text": b"not found", "number": b"7", "missing": b""}
    replace_file(folder / name, data[damage])
    if damage == "missing":
        (folder / name).unlink()
    with pytest.raises(ModelCorruptError, match=str(folder)) as caught:
        NumpyEmbedder(folder, name="broken")
    assert "rag models verify" in caught.value.hint


@pytest.mark.models
def test_broken_weights_are_told_before_a_library_is_imported(edited: Edit) -> None:
    folder = edited({})
    replace_file(folder / "model.safetensors", (folder / "model.safetensors").read_bytes()[:9999])
    with pytest.raises(ModelCorruptError):
        open_embedder(folder, name="broken", n_texts=1)


@pytest.mark.models
@pytest.mark.parametrize(("n_texts", "small"), [(1, True), (1000, True), (1001, False)])
def test_many_texts_are_worth_the_import_of_the_library(
    embedder_folder: Path, n_texts: int, small: bool
) -> None:
    embedder = open_embedder(embedder_folder, name="mini:53aa", n_texts=n_texts)
    assert isinstance(embedder, NumpyEmbedder) is small
    assert embedder.name == "mini:53aa"


# --- sentence-transformers -----------------------------------------------------------------


@pytest.mark.models
class TestSentenceTransformerEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, in_library: Embedder) -> Embedder:
        return in_library

    def test_numpy_computes_the_same_vectors(self, embedder: Embedder, in_numpy: Embedder) -> None:
        assert len(VARIED) >= 40
        ours, theirs = (part.embed_documents(VARIED) for part in (in_numpy, embedder))
        assert np.abs(ours - theirs).max() < 1e-5

    def test_prompts_of_the_model_are_put_before_the_text(
        self, embedder: Embedder, edited: Edit
    ) -> None:
        prompts = {"query": "question: ", "document": "article: "}
        folder = edited({PROMPTS: {"prompts": prompts}})
        prompted = open_embedder(folder, name="prompted", n_texts=1)
        asked, told = embedder.embed_documents(["question: Rain?", "article: Rain fell."])
        assert np.abs(prompted.embed_query("Rain?") - asked).max() < 1e-6
        assert np.abs(prompted.embed_documents(["Rain fell."])[0] - told).max() < 1e-6

    @pytest.mark.parametrize("name", ["model.safetensors", POOLING, CONFIG])
    def test_a_broken_folder_is_refused_on_first_use(self, edited: Edit, name: str) -> None:
        folder = edited({})
        replace_file(folder / name, b"{")
        embedder = SentenceTransformerEmbedder(folder, name="broken")
        with pytest.raises(ModelCorruptError, match=str(folder)):
            embedder.embed_query("Rain?")

    def test_loading_draws_no_bar(
        self, embedder_folder: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert SentenceTransformerEmbedder(embedder_folder, name="mini").dimension == 384
        assert capfd.readouterr() == ("", "")
