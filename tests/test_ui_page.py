from __future__ import annotations

from rag.ui.page import assets


def test_the_style_asks_no_other_host() -> None:
    for name in ("citeline.css", "citeline.js", "icon.svg"):
        text = (assets() / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in text.replace("// ", "")
        assert "@import" not in text
