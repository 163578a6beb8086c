"""The chat page: a question, its answer, and beside it the sentences that the answer rests on.

| module | what it owns |
| --- | --- |
| asker | what the page asks of what lies behind it |
| newsroom, parts | the pipeline as that; looks at itself |
| wanted | what is to be summed up, and how |
| desk | one question at a time, the line of those who wait, stopping, loading behind the page |
| fetching | missing weights fetched, in a process of its own |
| page | head and tabs, put together |
| tabs | a tab a module: its components, and what a click does |
| pieces | every piece of HTML, escaped so that text of articles and models stays text |
| quoting, feedback, suggestions | answers to take along; thumbs as cases; first questions |
| apart | uploads read in a process of its own, within a time limit |
| downloads, uploads | what leaves as a file, and what may come as one |
| guard | who may ask the server, and what a browser may load |
| serving | address, server and the life of both |

Importing this package does not import Gradio, which takes 5 s: :func:`launch` does.
"""

from __future__ import annotations

from rag.ui.asker import Asker
from rag.ui.newsroom import Newsroom
from rag.ui.serving import launch

__all__ = ["Asker", "Newsroom", "launch"]
