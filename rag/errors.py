"""The errors that citeline raises, each with a hint that says what to do next.

    RagError                     anything that citeline can explain            exit 1
    ├── UsageError               the command or its arguments are wrong        exit 2
    ├── InputError               a file or its content cannot be used          exit 2
    │   ├── UnreadableFileError  one file: empty, binary, encrypted, broken
    │   └── UnknownDocumentError no such document in the library
    ├── LibraryError             the library on disk cannot be used            exit 3
    │   ├── LibraryMissingError  nothing has been indexed there yet
    │   ├── LibraryBusyError     another process is writing
    │   └── LibraryFormatError   written by a newer or foreign version
    ├── MissingPartError         something that the job needs is not here      exit 3
    │   ├── ModelMissingError    weights not fetched, or no such model
    │   ├── ModelCorruptError    weights do not have the registered sum
    │   ├── FetchError           weights could not be fetched
    │   └── LlamaBrokenError     llama.cpp is missing or crashes on this processor
    ├── ContextOverflowError     a prompt is longer than the model can read    exit 1
    ├── BusyError                others are being served and the line is full  exit 1
    └── GenerationStoppedError   the user or a closed page stopped the model   exit 130

An abstention and a failed verification are results, never exceptions.
"""

from __future__ import annotations


class RagError(Exception):
    """An error with a cause that the user can act on.

    Args:
        message: what happened, and what was done about it, in one or two sentences.
        hint: what to do next; a command where there is one.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(RagError):
    """The command or its arguments are wrong."""

    exit_code = 2


class InputError(RagError):
    """A file, or what stands in it, cannot be used."""

    exit_code = 2


class UnreadableFileError(InputError):
    """One file cannot be read as an article; other files are not affected."""


class UnknownDocumentError(InputError):
    """The library holds no document of that name."""


class LibraryError(RagError):
    """The library on disk cannot be used as it is."""

    exit_code = 3


class LibraryMissingError(LibraryError):
    """Nothing has been indexed in this folder yet."""


class LibraryBusyError(LibraryError):
    """Another process holds the library for writing."""


class LibraryFormatError(LibraryError):
    """The library was written by a newer version, or is no library at all."""


class MissingPartError(RagError):
    """Something that the job needs is not on this machine."""

    exit_code = 3


class ModelMissingError(MissingPartError):
    """A model's weights have not been fetched, or no model has that name."""


class ModelCorruptError(MissingPartError):
    """A model's weights do not have the registered size or sha256."""


class FetchError(MissingPartError):
    """A model's weights could not be fetched from any of their sources."""


class LlamaBrokenError(MissingPartError):
    """llama.cpp is missing, or crashes on this processor."""


class ContextOverflowError(RagError):
    """A prompt has more tokens than the model can read at once."""


class BusyError(RagError):
    """Others are being served, and as many as may wait are waiting."""


class GenerationStoppedError(RagError):
    """The user stopped the model; what was written so far has been shown."""

    exit_code = 130
