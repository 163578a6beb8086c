"""Names and turns; the guard is tested with the page and the server that it guards."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest

from rag.errors import BusyError, GenerationStoppedError, RagError, UsageError
from rag.web import Names, Turns, address, listen

LOCAL = Names(8000, frozenset({"localhost", "127.0.0.1", "[::1]"}))
USUAL = Names(80, LOCAL.own)
WIDE = Names(8000, LOCAL.own | {"newsroom"}, any_address=True)


@pytest.mark.parametrize(
    ("names", "host", "ours"),
    [
        (LOCAL, "localhost:8000", True),
        (LOCAL, "LocalHost:8000", True),
        (LOCAL, "[::1]:8000", True),
        (LOCAL, "localhost", False),
        (LOCAL, "localhost:8001", False),
        (LOCAL, "localhost:8000.evil.example", False),
        (LOCAL, "10.0.0.1:8000", False),
        (LOCAL, "", False),
        (USUAL, "localhost", True),
        (USUAL, "localhost:80", False),
        (WIDE, "newsroom:8000", True),
        (WIDE, "10.0.0.1:9000", True),
        (WIDE, "[fe80::1]:8000", True),
        (WIDE, "10.0.0.1.evil.example:8000", False),
        (WIDE, "evil.example:8000", False),
        (WIDE, "", False),
    ],
)
def test_a_host_header_is_ours_or_not(names: Names, host: str, ours: bool) -> None:
    assert (host in names) is ours


def test_a_socket_that_others_reach_may_be_called_by_any_address() -> None:
    with closing(listen("0.0.0.0", 0)) as wide, closing(listen("localhost", 0)) as narrow:  # noqa: S104
        assert f"{socket.gethostname()}:1" in Names.of(wide)
        assert "10.1.2.3:1" in Names.of(wide)
        assert "10.1.2.3:1" not in Names.of(narrow)


def test_a_name_that_was_asked_for_is_one_of_ours_and_only_beyond_loopback() -> None:
    with closing(listen("0.0.0.0", 0)) as wide, closing(listen("localhost", 0)) as narrow:  # noqa: S104
        assert "newsroom.example:1" in Names.of(wide, "NewsRoom.example")
        assert "newsroom.example:1" not in Names.of(wide)
        assert "" not in Names.of(wide, "")
        assert f"evil.example:{narrow.getsockname()[1]}" not in Names.of(narrow, "evil.example")
        assert socket.gethostname() in address.url_of(wide)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "::1", "[::1]"])
def test_every_loopback_address_will_do(host: str) -> None:
    with closing(listen(host, 0)) as taken:
        assert taken.getsockname()[1] > 0


def test_a_taken_port_gives_the_next_free_one() -> None:
    with closing(listen("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with closing(listen("127.0.0.1", port)) as second:
            assert port < second.getsockname()[1] <= port + address.MORE_PORTS


def test_when_all_are_taken_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "MORE_PORTS", 0)
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RagError, match="taken") as caught:
            listen("127.0.0.1", port)
    assert "--port" in caught.value.hint


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(UsageError, match="no port"):
        listen("127.0.0.1", port)


def test_a_port_that_is_not_ours_to_take(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> socket.socket:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refused)
    with pytest.raises(UsageError, match="Permission denied"):
        listen("127.0.0.1", 80)


def never() -> bool:
    return False


def test_first_come_first_served() -> None:
    turns = Turns(max_waiting=3)
    line = [turns.join() for _ in range(4)]
    assert [turn.place for turn in line] == [0, 1, 2, 3]
    served: list[int] = []

    def take(number: int) -> None:
        with line[number].taken(never):
            served.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in (3, 1, 2, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert served == [0, 1, 2, 3]
    assert turns.waiting == 0


def test_a_full_line_takes_nobody_until_one_leaves() -> None:
    turns = Turns(max_waiting=1)
    first, second = turns.join(), turns.join()
    with pytest.raises(BusyError, match="1 are waiting"):
        turns.join()
    first.leave()
    first.leave()
    assert second.place == 0
    assert turns.join().place == 1


def test_one_that_stops_waiting_leaves_its_place() -> None:
    turns = Turns(max_waiting=2)
    first, second, third = (turns.join() for _ in range(3))
    with pytest.raises(GenerationStoppedError), second.taken(lambda: True):
        raise AssertionError("its turn has not come")
    assert (first.place, third.place, turns.waiting) == (0, 1, 1)


def test_a_line_rests_when_the_last_one_has_left() -> None:
    turns = Turns(max_waiting=1)
    first, second = turns.join(), turns.join()
    first.leave()
    assert not turns.rest(0.01)
    threading.Timer(0.05, second.leave).start()
    assert turns.rest(5)


def test_a_turn_ends_when_its_work_fails() -> None:
    turns = Turns(max_waiting=1)
    with pytest.raises(ZeroDivisionError), turns.join().taken(never):
        raise ZeroDivisionError
    assert turns.join().place == 0
