"""A page of HTML: the panels, each mark with its sentence, and a numbered list below.

The drawing is matplotlib's, made fit for a page: colours by name, so that light and dark each have
their own; every mark a link to its sentence, which says what it is to those who do not see it. The
page has no style attributes and loads nothing.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from lxml import etree

from rag.markup import Html, joined, tag, whole_page
from rag.plotting.drawing import draw, style
from rag.plotting.looks import COLOURS
from rag.plotting.marks import Mark, Plot
from rag.plotting.wording import (
    LEGEND,
    counted,
    period_words,
    plain,
    source_words,
    span_of,
    value_words,
)
from rag.schema import StatedFigure

_SVG = "{http://www.w3.org/2000/svg}"
_PART = re.compile(r"mark-(\d+)-\d+")
_DROPPED = (f"{_SVG}metadata", f"{_SVG}style", f"{_SVG}title")


def html(plot: Plot) -> str:
    """Return the page."""
    here = files("rag.plotting")
    look, script = (Html((here / name).read_text("utf-8")) for name in ("page.css", "page.js"))
    body = joined(
        tag("h1", plot.title),
        tag("p", LEGEND, class_="quiet"),
        *(tag("p", note, class_="quiet") for note in plot.notes),
        _drawn(plot) if plot.panels else "",
        _list("Figures", plot.marks) if plot.marks else "",
        _undated(plot.undated) if plot.undated else "",
        tag("p", "", id="tip", role="status", hidden=""),
    )
    return whole_page(plot.title, style=look, script=script, body=body)


def _drawn(plot: Plot) -> Html:
    with style():
        data = io.BytesIO()
        draw(plot).savefig(data, format="svg", metadata={"Date": None})
    root = etree.fromstring(data.getvalue(), etree.XMLParser(remove_comments=True))
    for name in _DROPPED:
        for element in list(root.iter(name)):
            element.getparent().remove(element)
    for attribute in ("width", "height"):
        del root.attrib[attribute]
    root.set("role", "group")
    root.set("aria-label", plain(f"{plot.title}: {counted(len(plot.marks), 'figure')}"))
    _name_colours(root)
    _link(root, {mark.number: mark for mark in plot.marks})
    return tag("figure", Html(etree.tostring(root, encoding="unicode", with_tail=False)))


def _name_colours(root: Any) -> None:
    """Turn style attributes, which the page's policy does not let through, into plain ones."""
    names = {value: f"var(--{name})" for name, value in COLOURS.items()}
    for element in root.iter(etree.Element):
        declarations = element.attrib.pop("style", "").split(";")
        for name, _, value in (each.partition(":") for each in declarations if each.strip()):
            plain = value.strip()
            element.set(name.strip(), names.get(plain.lower(), plain))


def _link(root: Any, marks: dict[int, Mark]) -> None:
    """Put all parts of a mark into one link to its sentence."""
    links: dict[int, Any] = {}
    parts = [each for each in root.iter(f"{_SVG}g") if _PART.fullmatch(each.get("id", ""))]
    for part in parts:
        found = _PART.fullmatch(part.attrib.pop("id"))
        number = int(found[1]) if found else 0
        if number not in links:
            links[number] = _new_link(marks[number])
            part.addprevious(links[number])
        links[number].append(part)


def _new_link(mark: Mark) -> Any:
    link = etree.Element(
        f"{_SVG}a", {"id": f"mark-{mark.number}", "href": f"#figure-{mark.number}"}
    )
    link.set("class", "mark")
    link.set("aria-label", plain(f"{mark.number}: {_summary(mark.stated)}"))
    title = etree.SubElement(link, f"{_SVG}title")
    title.text = f"{plain(_summary(mark.stated))}\n“{plain(mark.stated.sentence.text)}”"
    return link


def _summary(stated: StatedFigure) -> str:
    words = (value_words(stated), period_words(stated.statement.period), source_words(stated))
    return " · ".join(words)


def _list(heading: str, marks: Sequence[Mark]) -> Html:
    items = (
        tag(
            "li",
            tag("a", str(mark.number), href=f"#mark-{mark.number}", class_="number"),
            *_told(mark.stated),
            _against(mark.against),
            id=f"figure-{mark.number}",
            tabindex="-1",
        )
        for mark in marks
    )
    return joined(tag("h2", heading), tag("ol", *items))


def _undated(figures: Sequence[StatedFigure]) -> Html:
    items = (tag("li", *_told(stated)) for stated in figures)
    return joined(tag("h2", "Without a period, not drawn"), tag("ul", *items))


def _told(stated: StatedFigure) -> Iterator[Html]:
    statement, text = stated.statement, stated.sentence.text
    span = span_of(stated)
    yield tag("strong", value_words(stated))
    yield tag("span", f" · {period_words(statement.period)}", class_="period")
    yield tag(
        "blockquote", text[: span.start], tag("mark", text[span.start : span.end]), text[span.end :]
    )
    yield tag("p", source_words(stated), class_="quiet")


def _against(numbers: Sequence[int]) -> Html:
    if not numbers:
        return Html("")
    links = [tag("a", str(number), href=f"#figure-{number}") for number in numbers]
    return tag("p", "Another value for the same: ", *_separated(links), class_="conflict")


def _separated(links: Sequence[Html]) -> Iterator[str]:
    for number, link in enumerate(links):
        yield ", " if number else ""
        yield link
