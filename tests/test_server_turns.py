"""One question at a time, a limit to the line, and clients that go away."""

from __future__ import annotations

import threading
import time

import openai
import pytest
import ui_samples as samples
from server_desk import (
    PAUSE_S,
    Recorder,
    asking,
    client_of,
    complete,
    request,
    served,
    wait_until,
)

from rag.fakes import FakeAsker
from rag.web import Turns


def test_one_is_answered_and_the_others_wait() -> None:
    recorder = Recorder(pause_s=0.001)
    with served(recorder) as address, client_of(address) as client:
        threads = [
            threading.Thread(target=complete, args=(client, f"How many {n}?")) for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (recorder.most, len(recorder.asked)) == (1, 4)


def test_a_full_line_is_told_with_when_to_come_again() -> None:
    recorder = Recorder(pause_s=PAUSE_S)
    with served(recorder, turns=Turns(1)) as address, client_of(address) as client:
        streams = [complete(client, "First?", stream=True)]
        wait_until(lambda: len(recorder.asked) == 1)
        second = threading.Thread(target=complete, args=(client, "Second?"))
        second.start()
        wait_until(lambda: request(address, "GET", "/healthz")[1]["waiting"] == 1)
        with pytest.raises(openai.RateLimitError) as caught:
            complete(client, "Third?")
        assert int(caught.value.response.headers["retry-after"]) > 0
        streams[0].close()
        second.join()
    assert [question for question, _ in recorder.asked] == ["First?", "Second?"]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.timed
def test_a_client_that_goes_away_stops_its_answer_within_a_second(stream: bool) -> None:
    asker = FakeAsker({"": samples.answer("", "word " * 400)}, pause_s=PAUSE_S)
    with served(asker) as address:
        connection = asking(address, "How many?", stream=stream)
        time.sleep(0.3)
        connection.close()
        assert wait_until(lambda: asker.stopped == ["How many?"]) < 1.0


def test_one_that_goes_away_from_the_line_is_never_asked() -> None:
    recorder = Recorder(pause_s=PAUSE_S)
    with served(recorder) as address, client_of(address) as client:
        first = complete(client, "First?", stream=True)
        wait_until(lambda: len(recorder.asked) == 1)
        connection = asking(address, "Second?")
        wait_until(lambda: request(address, "GET", "/healthz")[1]["waiting"] == 1)
        connection.close()
        assert wait_until(lambda: request(address, "GET", "/healthz")[1]["waiting"] == 0) < 1.0
        first.close()
    assert [question for question, _ in recorder.asked] == ["First?"]


def test_the_server_ends_although_someone_waits_for_an_answer() -> None:
    asker = FakeAsker({"": samples.answer("", "word " * 4000)}, pause_s=PAUSE_S)
    with served(asker) as address, client_of(address) as client:
        stream = complete(client, "How many?", stream=True)
        next(stream)
        started = time.perf_counter()
    assert time.perf_counter() - started < 3
    assert asker.stopped == ["How many?"]
