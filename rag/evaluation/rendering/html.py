"""A run as one page of HTML that needs nothing else: no server, no network, no JavaScript.

With JavaScript the table of cases can be filtered.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.html_cases import cases_html
from rag.evaluation.rendering.html_summary import summary_html
from rag.markup import Html, joined, whole_page

_HERE = Path(__file__).parent


def report_html(evaluation: Evaluation, day: date) -> str:
    """Return the page.

    Args:
        evaluation: a run.
        day: of the run.
    """
    style, script = (Html((_HERE / name).read_text("utf-8")) for name in ("page.css", "page.js"))
    title = f"Evaluation {'failed' if evaluation.failures else 'passed'}"
    return whole_page(
        f"{title}: {evaluation.report.totals.cases} cases, {day}",
        style=style,
        script=script,
        body=joined(summary_html(evaluation, day), cases_html(evaluation.runs)),
    )
