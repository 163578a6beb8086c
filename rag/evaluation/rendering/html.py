"""A run as one page of HTML that needs nothing else: no server, no network, no JavaScript.

With JavaScript the table of cases can be filtered.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date
from pathlib import Path

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.html_cases import cases_html
from rag.evaluation.rendering.html_summary import summary_html
from rag.evaluation.rendering.markup import Html, joined, tag

_HERE = Path(__file__).parent


def report_html(evaluation: Evaluation, day: date) -> str:
    """Return the page.

    Args:
        evaluation: a run.
        day: of the run.
    """
    style, script = (Html((_HERE / name).read_text("utf-8")) for name in ("page.css", "page.js"))
    title = f"Evaluation {'failed' if evaluation.failures else 'passed'}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", f"{title}: {evaluation.report.totals.cases} cases, {day}"),
        tag("style", style),
    )
    body = tag(
        "body",
        tag("main", joined(summary_html(evaluation, day), cases_html(evaluation.runs))),
        tag("script", script),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _policy(style: str, script: str) -> str:
    """Nothing may run or be loaded but this style and this script, by their sums."""
    return (
        f"default-src 'none'; style-src '{_sum(style)}'; script-src '{_sum(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _sum(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
