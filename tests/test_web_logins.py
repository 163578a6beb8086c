"""Names and passwords: which are right, what can be seen of them, and how often one may guess."""

from __future__ import annotations

import hmac
import pickle
from base64 import b64encode
from pathlib import Path

import pytest

from rag.errors import InputError, UsageError
from rag.web.logins import GUESSES, WITHIN_S, Guesses, Logins, lines_of, open_to_others

LOGINS = Logins.of(["ada:a:long enough", "bob:grüße aus köln"])


def basic(login: str) -> str:
    return f"Basic {b64encode(login.encode()).decode()}"


@pytest.mark.parametrize(
    ("header", "right"),
    [
        (basic("ada:a:long enough"), True),
        (basic("bob:grüße aus köln").replace("Basic", "bAsIc"), True),
        (basic("ada:grüße aus köln"), False),
        (basic("ada:a"), False),
        (basic("Ada:a:long enough"), False),
        (basic("ada:a:long enough "), False),
        (basic("ada"), False),
        (basic(""), False),
        ("Basic", False),
        ("Basic ====", False),
        ("Basic /w==", False),
        (basic("ada:a:long enough").replace("Basic", "Bearer"), False),
        ("", False),
        (None, False),
    ],
)
def test_a_header_names_a_login_or_none(header: str | None, right: bool) -> None:
    assert (header in LOGINS) is right


def test_every_login_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []

    def noted(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", noted)
    for header in (basic("ada:a:long enough"), basic("x:y"), "nonsense", None):
        compared.clear()
        assert (header in LOGINS) is (header == basic("ada:a:long enough"))
        assert compared == [(32, 32)] * 2  # all, and of one length, whichever is right


def test_no_password_can_be_printed_or_saved() -> None:
    for text in (repr(LOGINS), str(LOGINS), repr(pickle.dumps(LOGINS))):
        assert "long enough" not in text
        assert "ada" not in text
    assert LOGINS.shortest == len("a:long enough")


@pytest.mark.parametrize("line", ["secretword", ":secretword", "secretword:", ""])
def test_what_is_no_login_is_refused_and_not_repeated(line: str) -> None:
    with pytest.raises(UsageError, match="Login 2 is not") as caught:
        Logins.of(["ada:fine", line])
    assert "secretword" not in str(caught.value)


def test_no_login_at_all_is_a_mistake_and_no_open_door() -> None:
    with pytest.raises(UsageError, match="no login"):
        Logins.of([])


def test_a_file_has_lines_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "logins"
    path.write_bytes(b"\xef\xbb\xbf# who may\r\n\r\nada:one#two\r\n  bob:three \n")
    assert lines_of(path) == ["ada:one#two", "bob:three"]
    path.chmod(0o600)
    assert not open_to_others(path)
    path.chmod(0o640)
    assert open_to_others(path)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        lines_of(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        lines_of(tmp_path / "binary")


def test_who_guesses_too_often_is_not_listened_to_for_a_while() -> None:
    now = [0.0]
    guesses = Guesses(lambda: now[0])
    for _ in range(GUESSES):
        assert not guesses.spent("10.0.0.7")
        guesses.wrong("10.0.0.7")
    assert guesses.spent("10.0.0.7")
    assert not guesses.spent("10.0.0.8")
    now[0] = WITHIN_S + 1
    assert not guesses.spent("10.0.0.7")
    guesses.wrong("10.0.0.7")
    assert not guesses.spent("10.0.0.7")


def test_guesses_of_many_addresses_do_not_fill_the_memory() -> None:
    guesses = Guesses()
    for number in range(5000):
        guesses.wrong(str(number))
    assert len(guesses._wrong) == 1000
