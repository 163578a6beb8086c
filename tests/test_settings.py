from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.paths import default_library_dir
from rag.settings import Settings

# Where things are, how long to wait, and the models, whose sums are given to sha256().
NOT_ANSWER_RELEVANT = {
    "library": Path("/elsewhere"),
    "generator": "other",
    "embedder": "other",
    "lock_timeout_s": 99.0,
}
RELEVANT = sorted(Settings.model_fields.keys() - NOT_ANSWER_RELEVANT)


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("RAG_")]:
        monkeypatch.delenv(name)


def test_without_variables_the_defaults_hold() -> None:
    settings = Settings()
    assert settings.library == default_library_dir()
    assert (settings.generator, settings.embedder) == (None, None)
    assert 1 <= settings.threads <= 8
    assert settings.answer_tokens < settings.context_tokens


@pytest.mark.parametrize(
    ("variable", "value", "field", "expected"),
    [
        ("RAG_LIBRARY", "/news/library", "library", Path("/news/library")),
        ("RAG_LIBRARY", "~/library", "library", Path.home() / "library"),
        ("RAG_LIBRARY", "library", "library", Path.cwd() / "library"),
        ("RAG_GENERATOR", "smollm2-135m", "generator", "smollm2-135m"),
        ("RAG_EMBEDDER", "/models/mini", "embedder", "/models/mini"),
        ("RAG_LOCK_TIMEOUT_S", "0.5", "lock_timeout_s", 0.5),
        ("RAG_CONTEXT_TOKENS", "2048", "context_tokens", 2048),
        ("RAG_THREADS", "3", "threads", 3),
        ("RAG_PASSAGE_TOKENS", "100", "passage_tokens", 100),
        ("RAG_SEARCH_DEPTH", "7", "search_depth", 7),
        ("RAG_EVIDENCE_SENTENCES", "5", "evidence_sentences", 5),
        ("RAG_ANSWER_TOKENS", "50", "answer_tokens", 50),
        ("rag_threads", "3", "threads", 3),
    ],
)
def test_a_variable_sets_its_field(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, field: str, expected: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(Settings(), field) == expected


def test_what_is_given_goes_before_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_LIBRARY", "/from/variable")
    monkeypatch.setenv("RAG_THREADS", "3")
    settings = Settings(library=Path("/given"), threads=2)
    assert (settings.library, settings.threads) == (Path("/given"), 2)


@pytest.mark.parametrize("value", ["", "  "])
def test_a_library_set_to_nothing_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("RAG_LIBRARY", value)
    assert Settings().library == default_library_dir()


@pytest.mark.parametrize("field", ["generator", "threads", "lock_timeout_s"])
def test_a_variable_set_to_nothing_counts_as_not_set(
    monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    unset = getattr(Settings(), field)
    monkeypatch.setenv(f"RAG_{field.upper()}", "")
    assert getattr(Settings(), field) == unset


def test_variables_of_other_modules_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAG_MODELS_DIR", "/models")
    monkeypatch.setenv("RAG_NO_SUCH_SETTING", "x")
    Settings()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threads", "0"),
        ("threads", "many"),
        ("threads", "1.5"),
        ("context_tokens", "100"),
        ("passage_tokens", "10"),
        ("search_depth", "0"),
        ("evidence_sentences", "0"),
        ("answer_tokens", "0"),
        ("lock_timeout_s", "-1"),
        ("lock_timeout_s", "soon"),
    ],
)
def test_a_bad_value_is_an_error_that_names_the_field(
    monkeypatch: pytest.MonkeyPatch, field: str, value: str
) -> None:
    monkeypatch.setenv(f"RAG_{field.upper()}", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    (finding,) = caught.value.errors()
    assert finding["loc"] == (field,)


def test_settings_do_not_change_during_a_run() -> None:
    with pytest.raises(ValidationError):
        Settings().threads = 2


# --- hash ----------------------------------------------------------------------------------


def test_equal_settings_have_one_hash() -> None:
    assert Settings(threads=2).sha256(generator="a") == Settings(threads=2).sha256(generator="a")
    assert len(Settings().sha256()) == 64


@pytest.mark.parametrize("field", RELEVANT)
def test_what_can_change_an_answer_changes_the_hash(field: str) -> None:
    settings = Settings(threads=2)
    other = settings.model_copy(update={field: getattr(settings, field) + 1})
    assert other.sha256() != settings.sha256()


@pytest.mark.parametrize("field", NOT_ANSWER_RELEVANT)
def test_what_cannot_change_an_answer_does_not_change_the_hash(field: str) -> None:
    settings = Settings()
    other = settings.model_copy(update={field: NOT_ANSWER_RELEVANT[field]})
    assert other != settings
    assert other.sha256() == settings.sha256()


def test_models_change_the_hash_and_are_not_mixed_up() -> None:
    settings = Settings()
    hashes = {
        settings.sha256(),
        settings.sha256(generator="a", embedder="b"),
        settings.sha256(generator="b", embedder="a"),
        settings.sha256(generator="a", embedder="c"),
        settings.sha256(generator="a"),
    }
    assert len(hashes) == 5
    assert settings.sha256(generator="a", embedder="b") == settings.sha256(
        embedder="b", generator="a"
    )
