"""What every source of weights shares: files that are hashed while they are written."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NoReturn, Protocol, Self

from rag.models.progress import CountedProgress
from rag.models.registry import WeightFile
from rag.models.sums import BLOCK, remember_sha256

PART_SUFFIX = ".part"
_FULL = (errno.ENOSPC, errno.EDQUOT)


class SourceError(Exception):
    """A source did not give the files; the next one is tried.

    Args:
        reason: what happened, as a clause without a full stop.
        hint: what would help, where that is known.
        wrong_content: whether the source gave other bytes than the registered ones.
    """

    def __init__(self, reason: str, hint: str = "", *, wrong_content: bool = False) -> None:
        super().__init__(reason)
        self.hint = hint
        self.wrong_content = wrong_content


class PartialFile:
    """A weight file on its way: ``<name>.part`` beside its place, hashed while it is written.

    Nothing on the disk is touched before the first byte is written, so that a source that cannot
    be reached does not undo what another has begun.

    Args:
        target: where the file will lie.
        file: what it must be.
        resume: go on after the bytes that an earlier fetch left, and leave bytes for the next;
            else begin anew.
    """

    def __init__(self, target: Path, file: WeightFile, *, resume: bool) -> None:
        self._target = target
        self._file = file
        self._resume = resume
        self._path = target.with_name(target.name + PART_SUFFIX)
        self._digest = hashlib.sha256()
        self._stream: BinaryIO | None = None
        self.size = 0
        if resume and self._path.exists() and self._path.stat().st_size <= file.size:
            with self._path.open("rb") as stream:
                while block := stream.read(BLOCK):
                    self._digest.update(block)
                    self.size += len(block)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._stream is None:
            return
        # What a full disk refused is still buffered, and refused again; check() has told of it.
        with suppress(OSError):
            self._stream.close()
        disk_is_full = isinstance(error, OSError) and error.errno in _FULL
        if error is not None and (disk_is_full or not self._resume):
            self._path.unlink(missing_ok=True)

    def write(self, block: bytes) -> None:
        """Append bytes.

        Raises:
            SourceError: there are more than the file has; what was written is deleted.
            OSError: the disk is full or the folder cannot be written.
        """
        if self.size + len(block) > self._file.size:
            self._refuse(f"more than {self._file.size:,} bytes")
        self._opened().write(block)
        self._digest.update(block)
        self.size += len(block)

    def restart(self) -> None:
        """Drop what was written."""
        stream = self._opened()
        stream.seek(0)
        stream.truncate()
        self._digest = hashlib.sha256()
        self.size = 0

    def check(self) -> None:
        """Flush to the disk and hold size and sum to the registered ones.

        Raises:
            SourceError: they differ; what was written is deleted.
            OSError: the disk is full.
        """
        stream = self._opened()
        stream.flush()
        os.fsync(stream.fileno())
        if self.size != self._file.size:
            self._refuse(f"{self.size:,} bytes instead of {self._file.size:,}")
        if self._digest.hexdigest() != self._file.sha256:
            found = self._digest.hexdigest()
            self._refuse(f"the sha256 {found[:12]}… instead of {self._file.sha256[:12]}…")

    def commit(self) -> None:
        """Move the checked file to its place and remember its sum."""
        self._path.replace(self._target)
        remember_sha256(self._target, self._file.sha256)

    def abandon(self) -> None:
        """Remove what was written, where no later fetch goes on with it; nothing once moved."""
        if not self._resume and self._stream is not None:
            self._path.unlink(missing_ok=True)

    def _opened(self) -> BinaryIO:
        if self._stream is None:
            self._target.parent.mkdir(parents=True, exist_ok=True)
            # What is there is longer than the file where nothing was taken over from it.
            self._stream = self._path.open("ab" if self.size else "wb")
        return self._stream

    def _refuse(self, found: str) -> NoReturn:
        with suppress(OSError):
            self._opened().close()
        self._path.unlink(missing_ok=True)
        raise SourceError(
            f"{self._file.path} came with {found} and was deleted",
            "The source has another version of it, or it was changed on the way.",
            wrong_content=True,
        )


class Source(Protocol):
    """A place that weights are fetched from; a context that ends all that it began."""

    resumes: bool
    """Whether it goes on after the bytes of a partial file."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def bytes_needed(self) -> int:
        """Space on the disk that is needed beside the files themselves."""
        ...

    def copy(self, file: WeightFile, partial: PartialFile, progress: CountedProgress) -> None:
        """Write a file's remaining bytes.

        Raises:
            SourceError: the source cannot be reached or has something else.
        """
        ...

    def forget(self) -> None:
        """Remove what was kept for the next fetch: it is not needed, or it is wrong."""
        ...


def ensure_space(folder: Path, n_bytes: int) -> None:
    """Raise where a disk has less space than a fetch needs.

    Raises:
        SourceError: it has.
    """
    free = shutil.disk_usage(folder).free
    if free < n_bytes:
        raise SourceError(
            f"it needs {n_bytes / 1e6:,.0f} MB and the disk of {folder} has {free / 1e6:,.0f} MB",
            "Free some space, or name another folder with RAG_MODELS_DIR.",
        )
