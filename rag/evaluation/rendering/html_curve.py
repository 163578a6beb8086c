"""Risk against coverage, drawn: one line a suite, as SVG that needs nothing else."""

from __future__ import annotations

from rag.evaluation.gate import Evaluation
from rag.evaluation.rendering.groups import grouped
from rag.evaluation.rendering.markup import Html, joined, tag
from rag.evaluation.rendering.tables import curves
from rag.evaluation.rendering.words import percent
from rag.evaluation.risk_coverage import ACCEPTED, Curve

# Units of the drawing: room for words around it, then the field.
_LEFT, _TOP, _WIDTH, _HEIGHT = 52, 26, 380, 170
_RIGHT, _BOTTOM = 44, 44
_LEAST_RISK = 0.1
"""How much of the wrong share is drawn at least: a curve near 0 is to look flat."""


def curves_html(evaluation: Evaluation) -> Html:
    """Return a drawing a suite; nothing where nothing was answered."""
    found = curves(grouped(evaluation.runs)).items()
    drawn = [_figure(name, one, f"curve-{n}") for n, (name, one) in enumerate(found, start=1)]
    return tag("div", *drawn, class_="curves") if drawn else Html("")


def _figure(name: str, one: Curve, id_: str) -> Html:
    last = one.points[-1]
    ends = (
        f"with all answers, {last.wrong} of {last.answered} are wrong and "
        f"{percent(one.coverage(last))} of {one.questions} questions are answered"
    )
    title = f"{name}: share of the answers that are wrong, by the share of questions answered"
    caption = tag("figcaption", tag("b", name), f": {ends}. Dotted: {_accepted()} wrong.")
    return tag("figure", _svg(one, f"{title}; {ends}", id_), caption)


def _accepted() -> str:
    *others, last = (f"{accepted:.0%}" for accepted in ACCEPTED if accepted)
    return f"{', '.join(others)} and {last}"


def _svg(one: Curve, title: str, id_: str) -> Html:
    top = max(_LEAST_RISK, *(point.risk for point in one.points))
    last = one.points[-1]
    x, y = _across(one.coverage(last)), _down(last.risk, top)
    return tag(
        "svg",
        tag("title", title, id=id_),
        *(_level(accepted, top) for accepted in ACCEPTED if accepted),
        *_axes(top),
        tag("path", d=_path(one, top), class_="curve"),
        tag("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=3, class_="end"),
        viewBox=f"0 0 {_LEFT + _WIDTH + _RIGHT} {_TOP + _HEIGHT + _BOTTOM}",
        role="img",
        aria_labelledby=id_,
        class_="risk",
    )


def _path(one: Curve, top: float) -> str:
    """A step a threshold: between two of them nothing can be chosen."""
    steps = (
        f"V{_down(point.risk, top):.1f}H{_across(one.coverage(point)):.1f}" for point in one.points
    )
    return f"M{_across(0.0):.1f} {_down(one.points[0].risk, top):.1f}{''.join(steps)}"


def _axes(top: float) -> tuple[Html, ...]:
    """Both axes, what they count, and three marks on each."""
    left, foot = _across(0.0), _down(0.0, top)
    frame = f"M{left:.1f} {_down(top, top):.1f}V{foot:.1f}H{_across(1.0):.1f}"
    middle = f"{_across(0.5):.1f}"
    return (
        tag("path", d=frame, class_="axis"),
        _said("wrong, of the answers", x="4", y=f"{_TOP - 12}"),
        _said("questions answered", x=middle, y=f"{_TOP + _HEIGHT + 36}", text_anchor="middle"),
        *(_mark_up(risk, top) for risk in (0.0, top / 2, top)),
        *(_mark_across(share) for share in (0.0, 0.5, 1.0)),
    )


def _mark_up(risk: float, top: float) -> Html:
    y = f"{_down(risk, top) + 4:.1f}"
    return _said(f"{risk:.0%}", x=f"{_LEFT - 6}", y=y, text_anchor="end")


def _mark_across(share: float) -> Html:
    y = f"{_TOP + _HEIGHT + 18}"
    return _said(f"{share:.0%}", x=f"{_across(share):.1f}", y=y, text_anchor="middle")


def _level(accepted: float, top: float) -> Html:
    """A dotted line at a wrong share; the highest has its name, the others are too near."""
    y = f"{_down(accepted, top):.1f}"
    line = tag("line", x1=_LEFT, x2=_LEFT + _WIDTH, y1=y, y2=y, class_="level")
    if accepted != ACCEPTED[-1]:
        return line
    name_y = f"{_down(accepted, top) + 4:.1f}"
    return joined(line, _said(f"{accepted:.0%}", x=f"{_LEFT + _WIDTH + 6}", y=name_y))


def _said(words: str, **attributes: str) -> Html:
    return tag("text", words, **attributes)


def _across(share: float) -> float:
    return _LEFT + _WIDTH * share


def _down(risk: float, top: float) -> float:
    return _TOP + _HEIGHT * (1 - risk / top)
