"""Risk against coverage, drawn: one line a suite, as SVG that needs nothing else."""

from __future__ import annotations

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.groups import grouped
from rag.evaluation.rendering.markup import Html, joined, tag
from rag.evaluation.rendering.tables import curves
from rag.evaluation.rendering.words import percent
from rag.evaluation.risk_coverage import ACCEPTED, Curve

# Units of the drawing: room for words at the left and below, then the field.
_LEFT, _TOP, _WIDTH, _HEIGHT = 48, 12, 420, 150
_LEAST_RISK = 0.1
"""How much of the wrong share is drawn at least: a curve near 0 is to look flat."""


def curves_html(evaluation: Evaluation) -> Html:
    """Return a drawing a suite; nothing where nothing was answered."""
    drawn = [_figure(name, one) for name, one in curves(grouped(evaluation.runs)).items()]
    return tag("div", *drawn, class_="curves") if drawn else Html("")


def _figure(name: str, one: Curve) -> Html:
    last = one.points[-1]
    said = (
        f"{name}: wrong share of the answers (up) against the share of questions answered "
        f"(right), {last.wrong} of {last.answered} wrong at {percent(one.coverage(last))}"
    )
    return tag("figure", _svg(one, said), tag("figcaption", said, class_="quiet"))


def _svg(one: Curve, said: str) -> Html:
    top = max(_LEAST_RISK, *(point.risk for point in one.points))
    return tag(
        "svg",
        *(_level(accepted, top) for accepted in ACCEPTED),
        *(_mark(share) for share in (0.0, 0.5, 1.0)),
        tag("path", d=_path(one, top), class_="curve"),
        viewBox=f"0 0 {_LEFT + _WIDTH + 24} {_TOP + _HEIGHT + 24}",
        role="img",
        aria_label=said,
        class_="risk",
    )


def _path(one: Curve, top: float) -> str:
    """A step a threshold: between two of them nothing can be chosen."""
    steps = (
        f"V{_down(point.risk, top):.1f}H{_across(one.coverage(point)):.1f}" for point in one.points
    )
    return f"M{_across(0.0):.1f} {_down(one.points[0].risk, top):.1f}{''.join(steps)}"


def _level(accepted: float, top: float) -> Html:
    """A line at a wrong share, with its name where it is not too near the next one."""
    y = f"{_down(accepted, top):.1f}"
    named = accepted in {ACCEPTED[0], ACCEPTED[-1]}
    return joined(
        tag("line", x1=_LEFT, x2=_LEFT + _WIDTH, y1=y, y2=y, class_="level"),
        tag("text", f"{accepted:.0%}", x=_LEFT - 6, y=y, text_anchor="end") if named else "",
    )


def _mark(share: float) -> Html:
    x = f"{_across(share):.1f}"
    return tag("text", f"{share:.0%}", x=x, y=_TOP + _HEIGHT + 18, text_anchor="middle")


def _across(share: float) -> float:
    return _LEFT + _WIDTH * share


def _down(risk: float, top: float) -> float:
    return _TOP + _HEIGHT * (1 - risk / top)
