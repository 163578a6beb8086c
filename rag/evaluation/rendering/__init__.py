"""A run for people and programs: Markdown, JSON, JUnit XML, one page of HTML."""

from __future__ import annotations

from rag.evaluation.rendering.html import report_html
from rag.evaluation.rendering.junit import report_junit
from rag.evaluation.rendering.markdown import report_markdown
from rag.evaluation.rendering.values import report_json

__all__ = ["report_html", "report_json", "report_junit", "report_markdown"]
