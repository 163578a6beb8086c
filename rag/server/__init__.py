"""An OpenAI-compatible server: any chat program can ask, and gets citations with the answer.

| module | what it owns |
| --- | --- |
| requests | what a client may ask for, and what is refused because it could not be honoured |
| replies | an answer, its pieces and errors in OpenAI's form |
| jobs | a question on its way through a thread, and the end of all of them |
| following | one client that waits for its answer and may go away |
| metering | how many tokens the chat model reads and writes |
| gate | who may ask, with which key, and how much a request may carry |
| app | the addresses and what each one does |
| serving | where to listen, and the life of the server |

Importing this package imports no web framework: :func:`launch` does.
"""

from __future__ import annotations

from rag.server.jobs import Asker
from rag.server.metering import Meter
from rag.server.serving import DEFAULT_PORT, launch

__all__ = ["DEFAULT_PORT", "Asker", "Meter", "launch"]
