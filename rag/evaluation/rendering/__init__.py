"""A run for people and programs: Markdown, JSON, JUnit XML, one page of HTML, a record to keep."""

from __future__ import annotations

from rag.evaluation.rendering.html import report_html
from rag.evaluation.rendering.junit import report_junit
from rag.evaluation.rendering.markdown import report_markdown
from rag.evaluation.rendering.record import report_record
from rag.evaluation.rendering.values import report_json
from rag.evaluation.rendering.words import minutes

__all__ = [
    "minutes",
    "report_html",
    "report_json",
    "report_junit",
    "report_markdown",
    "report_record",
]
