"""Serves the tools of a fake over standard input and output, for a test that is the client."""

from __future__ import annotations

from tools_samples import FakeSource

from rag.tools import serve_stdio

serve_stdio(FakeSource())
