"""The command line: parsing and printing only. Results go to stdout, all else to stderr."""

from __future__ import annotations

from rag.cli.app import main

__all__ = ["main"]
