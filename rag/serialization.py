"""Results as plain JSON values: what ``--json`` prints and the page's API returns."""

from __future__ import annotations

from decimal import Decimal

from rag.schema import (
    JSON,
    Answer,
    CheckedClaim,
    CheckedDraft,
    CheckedFigure,
    Citation,
    ClaimVerdict,
    Digest,
    DocumentInfo,
    Evidence,
    StatedFigure,
    Summary,
    SummaryPoint,
)


def document_json(info: DocumentInfo) -> JSON:
    """What is known of a document."""
    return {
        "document": info.id,
        "title": info.title,
        "publisher": info.publisher,
        "author": info.author,
        "published": info.published.isoformat() if info.published else None,
        "source": info.source,
    }


def citation_json(citation: Citation) -> JSON:
    """A marker and the exact sentence behind it; offsets are in the document's text."""
    return {
        "marker": citation.marker,
        **document_json(citation.document),
        "page": citation.page,
        "start": citation.span.start,
        "end": citation.span.end,
        "quote": citation.quote,
        "also_in": [document_json(copy) for copy in citation.also_in],
    }


def figure_json(checked: CheckedFigure) -> JSON:
    """A figure with its verdict; the value is a decimal string, which JSON numbers are not."""
    figure = checked.figure
    return {
        "text": figure.text,
        "value": _plain(figure.value),
        "kind": figure.kind.value,
        "unit": figure.unit,
        "bound": figure.bound.value,
        "verdict": checked.verdict.value,
        "marker": checked.marker,
        "formula": checked.formula,
    }


def evidence_json(evidence: Evidence) -> JSON:
    """A sentence that was found, with its scores."""
    return {
        **document_json(evidence.document),
        "page": evidence.page,
        "start": evidence.sentence.span.start,
        "end": evidence.sentence.span.end,
        "quote": evidence.sentence.text,
        "similarity": round(evidence.similarity, 4),
        "coverage": round(evidence.coverage, 4),
    }


def answer_json(answer: Answer) -> JSON:
    """An answer as ``rag ask --json`` prints it."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "answer": answer.text,
        "citations": [citation_json(c) for c in answer.citations],
        "figures": [figure_json(f) for f in answer.figures],
        "evidence": [evidence_json(e) for e in answer.evidence],
        "notes": list(answer.notes),
        "timing": {
            "retrieve_s": round(answer.timing.retrieve_s, 3),
            "first_token_s": round(answer.timing.first_token_s, 3),
            "total_s": round(answer.timing.total_s, 3),
        },
        "settings_sha256": answer.settings_sha256,
    }


def point_json(point: SummaryPoint) -> JSON:
    """One sentence of a summary."""
    return {
        "text": point.text,
        "citations": [citation_json(c) for c in point.citations],
        "figures": [figure_json(f) for f in point.figures],
        "origin": point.origin.value,
    }


def summary_json(summary: Summary) -> JSON:
    """A summary as ``rag summarize --json`` prints it."""
    return {
        **document_json(summary.document),
        "points": [point_json(p) for p in summary.points],
        "figures": [stated_figure_json(f) for f in summary.figures],
        "passages_read": summary.passages_read,
        "passages_total": summary.passages_total,
        "notes": list(summary.notes),
        "total_s": round(summary.total_s, 3),
        "settings_sha256": summary.settings_sha256,
    }


def stated_figure_json(stated: StatedFigure) -> JSON:
    """What one sentence states with one figure: a row of a table."""
    statement, sentence = stated.statement, stated.sentence
    figure, period = statement.figure, statement.period
    return {
        "text": figure.text,
        "value": _plain(figure.value),
        "kind": figure.kind.value,
        "unit": figure.unit,
        "bound": figure.bound.value,
        "of": statement.noun,
        "period": {
            "first": period.first.isoformat(),
            "last": period.last.isoformat(),
            "text": period.text,
            "resolved": period.resolved,
        }
        if period
        else None,
        "speaker": statement.speaker,
        **document_json(stated.document),
        "start": sentence.span.start,
        "end": sentence.span.end,
        "quote": sentence.text,
    }


def digest_json(digest: Digest) -> JSON:
    """Many articles summed up, as ``rag summarize --all --json`` prints it."""
    coverage = digest.coverage
    return {
        "documents": [document_json(info) for info in digest.documents],
        "about": digest.about,
        "points": [
            {
                "relation": point.relation.value if point.relation else None,
                "text": point.text,
                "citations": [citation_json(c) for c in point.citations],
                "figures": [stated_figure_json(f) for f in point.figures],
            }
            for point in digest.points
        ],
        "figures": [stated_figure_json(f) for f in digest.figures],
        "articles_read": coverage.articles_read,
        "articles_total": coverage.articles_total,
        "passages_read": coverage.passages_read,
        "passages_total": coverage.passages_total,
        "notes": list(digest.notes),
        "total_s": round(digest.total_s, 3),
    }


def claim_json(draft: CheckedDraft, claim: CheckedClaim) -> JSON:
    """One figure of a draft; offsets are in the draft's text."""
    figure, span = claim.statement.figure, draft.written(claim)
    return {
        "text": figure.text,
        "start": span.start,
        "end": span.end,
        "sentence": draft.text[claim.sentence.start : claim.sentence.end],
        "value": _plain(figure.value),
        "kind": figure.kind.value,
        "unit": figure.unit,
        "of": claim.statement.noun,
        "verdict": claim.verdict.value,
        "formula": claim.formula,
        "evidence": [stated_figure_json(stated) for stated in claim.evidence],
    }


def draft_json(draft: CheckedDraft) -> JSON:
    """A checked draft as ``rag check --json`` prints it."""
    return {
        "text": draft.text,
        "claims": [claim_json(draft, claim) for claim in draft.claims],
        "counts": {verdict.value: draft.count(verdict) for verdict in ClaimVerdict},
        "complete": draft.complete,
        "sentences_checked": draft.sentences_checked,
        "sentences_total": draft.sentences_total,
        "duration_s": round(draft.duration_s, 3),
    }


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
