"""Two invented articles with figures that stand in several places."""

from __future__ import annotations

from pathlib import Path

HARVEST = """---
id: harvest
title: Wheat harvest falls to 46,610 tonnes
publisher: The Valley Post
published: 2024-09-02
---

# Wheat harvest falls to 46,610 tonnes

Farmers in the valley brought in 46,610 tonnes of wheat in 2023. That was 18% less.

Barley came to 61,300 tonnes, and about 46,610 hens were counted. The mill paid $12.50 a sack.

Rain fell on seven days in June. Nobody complained.
"""
MARKET = """---
id: market
---

The valley's wheat harvest of 46,610 tonnes was sold in a day.

A lorry has seven gears.
"""
WHEAT = "Farmers in the valley brought in 46,610 tonnes of wheat in 2023."


def write_news(folder: Path) -> Path:
    """Write both articles, one of them into a folder of its own."""
    (folder / "news").mkdir()
    (folder / "harvest.md").write_text(HARVEST)
    (folder / "news" / "market.md").write_text(MARKET)
    return folder
