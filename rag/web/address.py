"""Where to listen, and the names under which that place may be called."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import socket
from dataclasses import dataclass

from rag.errors import RagError, UsageError

USUAL_PORT = 80
# Ports tried after the one that was asked for.
MORE_PORTS = 20


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there.

    >>> is_loopback("[::1]"), is_loopback("0.0.0.0")
    (True, False)
    """
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return False


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or the next free one.

    Args:
        host: an address of this machine, or localhost.
        port: 1 to 65535, or 0 for any free one.

    Raises:
        UsageError: the port is no port, or host and port are not to be had.
        RagError: no port is free.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"{port} is no port.", "Give --port a number from 0 to 65535.")
    address = "127.0.0.1" if host == "localhost" else host.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    last = min(port + MORE_PORTS, 65535) if port else 0
    for candidate in range(port, last + 1):
        try:
            return socket.create_server((address, candidate), family=family)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise UsageError(
                    f"Nothing can be served at {address}, port {candidate}: {error.strerror}.",
                    "Give an address of this machine, and with --port a number above 1023.",
                ) from error
    raise RagError(
        f"All ports from {port} to {last} are taken; nothing was started.",
        "Give a free one with --port, or 0 for any.",
    )


@dataclass(frozen=True, slots=True)
class Names:
    """The values of the Host header under which a server may be called.

    A foreign page reads a server of this machine when its name is made to point here (DNS
    rebinding), and its Host header still has that name. On loopback only our own names with our
    own port will do; a server for the network may be called by any address, which needs no name
    server and so cannot be rebound, and by this machine's name.
    """

    port: int
    own: frozenset[str]
    """In lower case, without the port."""
    any_address: bool = False

    @classmethod
    def of(cls, taken: socket.socket, host: str = "") -> Names:
        """The names of a socket that listens, and the one by which it was asked for."""
        name, port = taken.getsockname()[:2]
        own = {"localhost", "127.0.0.1", "[::1]", _bracketed(name)}
        if is_loopback(name):
            return cls(port, frozenset(own))
        own |= {host.lower()} - {""}
        return cls(port, frozenset(own | {socket.gethostname().lower()}), any_address=True)

    def __contains__(self, host: object) -> bool:
        """Whether a Host header is one of ours; a browser leaves the usual port out."""
        if not isinstance(host, str):
            return False
        name, port = _split(host.lower())
        if self.any_address:  # the port may be another one behind a container's or a router's door
            return name in self.own or _is_address(name)
        return name in self.own and port == ("" if self.port == USUAL_PORT else str(self.port))


def url_of(taken: socket.socket) -> str:
    """The address of a socket that listens, as a person opens it.

    One that listens everywhere is opened by this machine's name.
    """
    name, port = taken.getsockname()[:2]
    if ipaddress.ip_address(name).is_unspecified:
        name = socket.gethostname()
    return f"http://{_bracketed(name)}:{port}/"


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _split(host: str) -> tuple[str, str]:
    """Name and port of a Host header; an address of version 6 stands in brackets."""
    if host.endswith("]") or ":" not in host:
        return host, ""
    name, _, port = host.rpartition(":")
    return name, port


def _is_address(name: str) -> bool:
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        return True
    return False
