"""The colours of the page against what is behind them, light and dark (WCAG 2.1, 1.4.3, 1.4.11)."""

from __future__ import annotations

import re

import pytest

from rag.ui.page import assets, look

WORDS, EDGES = 4.5, 3.0
# Of pairs (words, behind) by the names of variables; what begins with * is the theme's.
PAIRS = [
    ("--quiet", "*body_background_fill", WORDS),
    ("--quiet", "*block_background_fill", WORDS),
    ("--cite", "*block_background_fill", WORDS),
    ("--cite", "*body_background_fill", WORDS),
    ("--good", "*body_background_fill", WORDS),
    ("--warm", "*body_background_fill", WORDS),
    ("--bad", "*body_background_fill", WORDS),
    ("--bad", "*block_background_fill", WORDS),
    ("--mark-text", "--mark", WORDS),
    ("--tip-text", "--tip", WORDS),
    ("--color-accent", "*body_background_fill", EDGES),
    ("*body_text_color", "*body_background_fill", WORDS),
    ("*body_text_color", "*block_background_fill", WORDS),
    ("*body_text_color_subdued", "*body_background_fill", WORDS),
    ("*body_text_color_subdued", "*block_background_fill", WORDS),
    ("*button_primary_text_color", "*button_primary_background_fill", WORDS),
    ("*button_primary_text_color", "*button_primary_background_fill_hover", WORDS),
    ("*checkbox_label_text_color_selected", "*checkbox_label_background_fill_selected", WORDS),
    ("*input_placeholder_color", "*input_background_fill", WORDS),
    ("*input_border_color", "*block_background_fill", EDGES),
    ("*checkbox_border_color", "*block_background_fill", EDGES),
    ("*button_secondary_border_color", "*body_background_fill", EDGES),
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "behind", "least"), PAIRS)
def test_words_and_edges_stand_out(words: str, behind: str, least: float, dark: bool) -> None:
    assert contrast(colour(words, dark), colour(behind, dark)) >= least


def test_the_measure_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def colour(name: str, dark: bool) -> str:
    """The value of a variable of our style or of the theme, as #rrggbb."""
    if name.startswith("--"):
        style = (assets() / "citeline.css").read_text("utf-8")
        block = style.split(".dark {" if dark else ":root {")[1].split("}")[0]
        return str(dict(re.findall(r"(--[\w-]+): (#\w{6})", block))[name])
    theme = look()["theme"]
    key = name.removeprefix("*")
    value = getattr(theme, f"{key}_dark", None) if dark else None
    value = value or getattr(theme, key)
    while value.startswith("*"):
        key = value.removeprefix("*")
        value = (getattr(theme, f"{key}_dark", None) if dark else None) or getattr(theme, key)
    return "#ffffff" if value == "white" else str(value)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
