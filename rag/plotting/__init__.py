"""The figures of articles over the time that they speak of, as a picture or a page.

| module | what it owns |
| --- | --- |
| marks | which figures are drawn, in which panel, with which number; what is left out |
| wording | figures, periods and sources in words |
| looks | colours and shapes of marks |
| drawing | the panels, with matplotlib |
| picture | a PNG: the panels and the numbered sentences |
| page | a page of HTML: the same, each mark with its sentence |

matplotlib is imported when something is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import InputError, MissingPartError, UsageError
from rag.plotting.marks import Plot, lay_out
from rag.schema import StatedFigure

ENDINGS = (".png", ".html")

__all__ = ["ENDINGS", "plot", "require_ending"]


def plot(figures: Sequence[StatedFigure], path: Path, *, title: str) -> tuple[str, ...]:
    """Write the figures as a picture (.png) or a page that needs nothing else (.html).

    Args:
        figures: nearest to what was asked for first; where there are too many the last are left
            out.
        path: of the file; one that is there is replaced.
        title: what the figures are about.

    Returns:
        What the reader should know: what was left out, and what could not be placed in time.

    Raises:
        UsageError: the path ends in neither .png nor .html.
        InputError: there is no figure, or the file cannot be written.
        MissingPartError: matplotlib is not installed.
    """
    require_ending(path)
    if not figures:
        raise InputError("There is no figure to draw.", "Ask about something else with --about.")
    laid_out = lay_out(figures, title=title)
    try:
        content = _content(laid_out, path)
    except ImportError as error:
        raise MissingPartError(
            f"Plots need matplotlib, which is not installed ({error.name} is missing).",
            "Run: pip install 'citeline[plot]'",
        ) from error
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Name another file with --plot."
        ) from error
    return laid_out.notes


def require_ending(path: Path) -> None:
    """Refuse a file that is neither picture nor page, before any work is done.

    Raises:
        UsageError: the path ends in neither .png nor .html.
    """
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(f"{path.name} is no picture and no page.", "Let it end in .png or .html.")


def _content(laid_out: Plot, path: Path) -> bytes:
    if path.suffix.lower() == ".png":
        from rag.plotting.picture import png

        return png(laid_out)
    from rag.plotting.page import html

    return html(laid_out).encode()
