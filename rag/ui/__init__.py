"""The chat page: a question, its answer, and beside it the sentences that the answer rests on.

| module | what it owns |
| --- | --- |
| asker | what the page asks of the pipeline |
| desk | one question at a time, stopping, and loading behind the page |
| html | every piece of HTML, escaped so that text of articles and models stays text |
| page | the components of the page and what a click does |
| guard | who may ask the server, and what a browser may load |
| serving | address, server and the life of both |

Importing this package does not import Gradio, which takes 5 s: :func:`launch` does.
"""

from __future__ import annotations

from rag.ui.asker import Asker
from rag.ui.serving import launch

__all__ = ["Asker", "launch"]
