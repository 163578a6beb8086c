"""``python -m rag`` is the ``rag`` command."""

from __future__ import annotations

from rag.cli import main

main()
