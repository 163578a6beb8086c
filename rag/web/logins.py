"""Who may open a page that others can reach: names and passwords, and how often one may guess.

HTTP's own Basic scheme: every browser and every client has it, it guards each single request, and
it needs no page, cookie or session of ours. It is no secret to who listens on the way: beyond a
network of one's own it needs TLS or ssh before it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
import stat
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from rag.errors import InputError, UsageError

LEAST_PASSWORD = 12
"""Characters of a password that may be guessed at from the network, 20 times a minute."""
GUESSES = 20
WITHIN_S = 60.0
# Addresses that are remembered: who has more of them than this has other ways in.
_REMEMBERED = 1000
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Logins:
    """Names with their passwords, of which only keyed digests are kept: none can be printed."""

    _key: bytes = field(repr=False)
    _digests: tuple[bytes, ...] = field(repr=False)
    shortest: int
    """Characters of the shortest password."""

    @classmethod
    def of(cls, lines: Iterable[str]) -> Self:
        """Take lines ``user:password``; a password may have colons, a name none.

        Raises:
            UsageError: a line is none, which is not repeated; or there is no line.
        """
        key, digests, lengths = secrets.token_bytes(32), [], []
        for number, line in enumerate(lines, start=1):
            name, colon, password = line.partition(":")
            if not (name and colon and password):
                raise UsageError(
                    f"Login {number} is not of the form user:password.",
                    "Write a name, a colon and a password, one login a line.",
                )
            digests.append(_digest(key, line))
            lengths.append(len(password))
        if not digests:
            raise UsageError("There is no login.", "Write one a line: user:password")
        return cls(key, tuple(digests), min(lengths))

    def __contains__(self, authorization: object) -> bool:
        """Whether an Authorization header names one of them.

        All are compared, each in the same time, so that how long it takes tells nothing.
        """
        given = _given(authorization) if isinstance(authorization, str) else None
        digest = _digest(self._key, given or "")
        same = [hmac.compare_digest(digest, each) for each in self._digests]
        return given is not None and any(same)


class Guesses:
    """How often each address was wrong of late; too often, and it is not listened to for a while.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[float, int]] = {}

    def spent(self, who: str) -> bool:
        """Whether an address has guessed too often within the last minute."""
        since, count = self._wrong.get(who, (0.0, 0))
        return count >= GUESSES and self._clock() - since < WITHIN_S

    def wrong(self, who: str) -> None:
        """One more wrong guess."""
        since, count = self._wrong.pop(who, (self._clock(), 0))
        if self._clock() - since >= WITHIN_S:
            since, count = self._clock(), 0
        self._wrong[who] = (since, count + 1)
        if len(self._wrong) > _REMEMBERED:
            del self._wrong[next(iter(self._wrong))]


def lines_of(path: Path) -> list[str]:
    """The lines of a file of secrets, without empty ones and comments (``#``).

    Raises:
        InputError: it cannot be read as text.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise InputError(f"{path} cannot be read: {reason}.", "Check the path.") from error
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith(_COMMENT)]


def open_to_others(path: Path) -> bool:
    """Whether other users of this machine can read a file."""
    return bool(path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _given(authorization: str) -> str | None:
    """``user:password`` of a header, None where it is of another scheme or broken."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None


def _digest(key: bytes, login: str) -> bytes:
    return hmac.digest(key, login.encode(), "sha256")
