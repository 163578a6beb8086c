"""That the fakes keep the contracts of their seams, and what only they promise."""

from __future__ import annotations

import time

import numpy as np
import pytest
from contracts.answer_scorer_contract import AnswerScorerContract, spans_of
from contracts.embedder_contract import EmbedderContract
from contracts.generator_contract import (
    FRUIT,
    PARAMS,
    GeneratorContract,
    StopAfter,
    ignore,
    write,
)
from job_samples import evidence
from library_samples import python

from rag.errors import GenerationStoppedError
from rag.fakes import HashEmbedder, ScriptedGenerator, ScriptedScorer
from rag.protocols import AnswerScorer, Embedder, Generator
from rag.schema import GenerationParams, Message


class TestHashEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return HashEmbedder()


class TestScriptedScorer(AnswerScorerContract):
    @pytest.fixture
    def scorer(self) -> AnswerScorer:
        return ScriptedScorer()


class TestScriptedGenerator(GeneratorContract):
    @pytest.fixture
    def generator(self) -> Generator:
        return ScriptedGenerator(
            {
                FRUIT[-1].content: "Apples grow in  Poland,\ncherries\nin Japan 🙂 .",
                "": "東京 🙂🙂",
            },
            context_tokens=500,
        )


# --- HashEmbedder --------------------------------------------------------------------------


def test_vectors_are_the_same_in_another_process() -> None:
    code = """
from rag.fakes import HashEmbedder
print(HashEmbedder(8).embed_query("Rain fell on the harbour.").tobytes().hex())
"""
    with python(code) as process:
        printed, _ = process.communicate(timeout=60)
    assert (
        bytes.fromhex(printed) == HashEmbedder(8).embed_query("Rain fell on the harbour.").tobytes()
    )


def test_more_shared_words_are_nearer() -> None:
    texts = ["rain fell on the harbour", "RAIN fell on a town!", "no rain", "sunshine and wind"]
    vectors = HashEmbedder(256).embed_documents(texts)
    nearness = (vectors @ vectors[0]).tolist()
    assert nearness == sorted(nearness, reverse=True)
    assert nearness[3] < 0.2


def test_the_order_and_case_of_words_do_not_matter() -> None:
    embedder = HashEmbedder(16)
    first, second = embedder.embed_documents(["Rain fell, and fell.", "fell and FELL: rain"])
    assert np.array_equal(first, second)


# --- ScriptedScorer ------------------------------------------------------------------------


def test_a_function_scores_the_words_of_each_span() -> None:
    asked = list[tuple[str, str, str]]()

    def score(question: str, sentence: str, words: str) -> float:
        asked.append((question, sentence, words))
        return float(words)

    scorer = ScriptedScorer(score)
    found = [evidence("Of 12 ships 31 came."), evidence("Then 8 left.")]
    assert scorer.score("How many?", found, spans_of(found)) == [(12.0, 31.0), (8.0,)]
    assert asked[0] == ("How many?", "Of 12 ships 31 came.", "12")
    assert scorer.questions == ["How many?"]


def test_without_a_function_all_is_as_likely_as_no_answer() -> None:
    found = [evidence("Of 12 ships 31 came.")]
    assert ScriptedScorer().score("How many?", found, spans_of(found)) == [(0.0, 0.0)]


# --- ScriptedGenerator ---------------------------------------------------------------------


def test_a_table_answers_the_last_message() -> None:
    generator = ScriptedGenerator({"Where?": "Here.", "": "Unheard of."})
    assert write(generator, [Message("user", "When?"), Message("user", "Where?")]).text == "Here."
    assert write(generator, [Message("user", "Who?")]).text == "Unheard of."


def test_a_question_that_the_table_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        write(ScriptedGenerator({"Where?": "Here."}), [Message("user", "Who?")])


def test_a_function_answers_from_all_messages() -> None:
    generator = ScriptedGenerator(lambda messages: " ".join(m.role for m in messages))
    assert write(generator, FRUIT).text == "system user"


def test_how_sure_it_is_is_given() -> None:
    assert write(ScriptedGenerator({"": "Yes."}), FRUIT).logprob == 0
    assert write(ScriptedGenerator({"": "Yes."}, logprob=-2.5), FRUIT).logprob == -2.5


def test_prompts_that_were_read_are_remembered() -> None:
    generator = ScriptedGenerator({"": "Yes."})
    write(generator, FRUIT)
    with pytest.raises(GenerationStoppedError):
        generator.stream(FRUIT[:1], PARAMS, ignore, StopAfter(2))
    write(generator, FRUIT[1:])
    assert generator.prompts == [FRUIT, FRUIT[1:]]


@pytest.mark.parametrize(
    ("params", "text", "n_tokens", "reason"),
    [
        (GenerationParams(9), " One  two.\nThree four ", 5, "end"),
        (GenerationParams(3), " One  two.\n", 3, "length"),
        (GenerationParams(9, ("\n",)), " One  two.", 3, "stop"),
        (GenerationParams(9, ("Three", "two")), " One  ", 2, "stop"),
        (GenerationParams(3, ("Three",)), " One  two.\n", 3, "length"),
    ],
)
def test_a_token_is_a_word(params: GenerationParams, text: str, n_tokens: int, reason: str) -> None:
    generation = write(ScriptedGenerator({"": " One  two.\nThree four "}), FRUIT, params)
    assert (generation.text, generation.completion_tokens) == (text, n_tokens)
    assert generation.stop_reason == reason


def test_a_pause_is_made_a_token() -> None:
    generator = ScriptedGenerator({"": "one two three"}, pause_s=0.01)
    started = time.perf_counter()
    generation = write(generator, FRUIT)
    n_tokens = generation.prompt_tokens + generation.completion_tokens
    assert time.perf_counter() - started >= n_tokens * 0.01
    assert generation.first_token_s >= generation.prompt_tokens * 0.01
