"""Weights from Hugging Face: a pinned revision, resumed where the last fetch stopped.

Of huggingface_hub this uses what knows the hub (addresses, proxies, offline mode); the bytes
go to our own partial file, because the library's download cannot be resumed by a later process
and waits for more than a minute when nobody answers.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from rag import __version__
from rag.models.progress import CountedProgress
from rag.models.registry import HubSource, ModelSpec, WeightFile
from rag.models.transfer import PartialFile, SourceError

ANSWER_WITHIN_S = 5.0
"""Looking up the name, connecting and the first answer together; then PyPI is tried."""
_SILENCE_S = 20.0
"""Within a download: no byte for so long counts as an interruption."""
_INTERRUPTIONS = 3
"""Without a byte between them; then PyPI is tried."""


class _InterruptedError(SourceError):
    """The connection broke, or was never made; asking again may help."""


class Hub:
    """The repository of one model."""

    resumes = True

    def __init__(self, spec: ModelSpec, source: HubSource) -> None:
        self._spec = spec
        self._source = source
        self._reached = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def bytes_needed(self) -> int:
        """Nothing beside the files themselves."""
        return 0

    def copy(self, file: WeightFile, partial: PartialFile, progress: CountedProgress) -> None:
        """Write a file's remaining bytes, going on after interruptions.

        Raises:
            SourceError: the hub does not answer within 5 s, or has something else.
        """
        if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}:
            raise SourceError("not asked, because HF_HUB_OFFLINE is set")
        url = file_url(self._spec, self._source, file)
        progress.advance(partial.size)
        interruptions = 0
        while partial.size < file.size:
            before = partial.size
            try:
                for block in self._blocks(url, file, partial, progress):
                    partial.write(block)
                    progress.advance(len(block))
                if partial.size < file.size:
                    raise _InterruptedError("the answer ended early")
            except _InterruptedError:
                interruptions = 1 if partial.size > before else interruptions + 1
                if not self._reached or interruptions > _INTERRUPTIONS:
                    raise
                time.sleep(interruptions)

    def forget(self) -> None:
        """Nothing was kept but the partial file, which looks after itself."""

    def _blocks(
        self, url: str, file: WeightFile, partial: PartialFile, progress: CountedProgress
    ) -> Iterator[bytes]:
        with closing(_open(url, partial.size)) as response:
            status = response.status_code
            if status not in {200, 206}:
                raise SourceError(f"{url} answered with status {status}")
            if status == 200 and partial.size:
                progress.advance(-partial.size)
                partial.restart()
            length = response.headers.get("Content-Length", "")
            if "Content-Encoding" in response.headers:
                length = ""  # It would be that of the compressed body.
            if length.isdecimal() and int(length) != file.size - partial.size:
                raise SourceError(
                    f"{url} has {partial.size + int(length):,} bytes instead of {file.size:,}",
                    wrong_content=True,
                )
            self._reached = True
            try:
                # In the pieces that arrive: what waits to fill a larger one is lost with the line.
                yield from response.iter_bytes()
            except Exception as error:
                raise _InterruptedError(_reason(error)) from error


def file_url(spec: ModelSpec, source: HubSource, file: WeightFile) -> str:
    """Where a file can be downloaded, by hand too.

    Raises:
        SourceError: the repository has a name that the hub does not know.
    """
    from huggingface_hub import hf_hub_url

    first = file == spec.files[0]
    filename = source.filename if first and source.filename else file.path
    # The library reads HF_ENDPOINT at its import; a mirror may be named later.
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
    try:
        return hf_hub_url(source.repo, filename, revision=source.revision, endpoint=endpoint)
    except ValueError as error:
        raise SourceError(f"{source.repo!r} is no name of a repository") from error


def _open(url: str, offset: int) -> Any:
    """Ask for a file from ``offset`` on, and return the response with its body still unread.

    In a thread of its own, because looking up a name cannot be given a time limit. It is a
    daemon: where nobody answers, it must not keep the process alive.
    """
    from huggingface_hub import get_session

    session = get_session()
    answer: Future[Any] = Future()

    def ask() -> None:
        try:
            answer.set_result(_request(session, url, offset))
        except Exception as error:  # noqa: BLE001 - raised below, where it is waited for
            answer.set_exception(error)

    threading.Thread(target=ask, name="ask-hugging-face", daemon=True).start()
    try:
        return answer.result(timeout=ANSWER_WITHIN_S)
    except FutureTimeoutError:
        answer.add_done_callback(_close_late)
        raise _InterruptedError(f"no answer within {ANSWER_WITHIN_S:g} s") from None
    except Exception as error:
        raise _InterruptedError(_reason(error)) from error


def _request(session: Any, url: str, offset: int) -> Any:
    # No token is sent: the registered repositories are public, and an expired one is refused.
    headers = {"User-Agent": f"citeline/{__version__}", "Accept-Encoding": "identity"}
    if offset:
        headers["Range"] = f"bytes={offset}-"
    timeouts = (ANSWER_WITHIN_S, _SILENCE_S, _SILENCE_S, ANSWER_WITHIN_S)
    request = session.build_request("GET", url, headers=headers, timeout=timeouts)
    return session.send(request, stream=True, follow_redirects=True)


def _close_late(answer: Future[Any]) -> None:
    if answer.exception() is None:
        answer.result().close()


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"not reachable ({type(error).__name__}{': ' + lines[0] if lines else ''})"
