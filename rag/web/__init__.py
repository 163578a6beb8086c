"""What every server of this package needs, whatever it serves.

| module | what it owns |
| --- | --- |
| address | where to listen, and the names under which that place may be called |
| beside | other addresses beside those of a server |
| guard | who may ask: the Host and Origin headers |
| logins | who may ask from other machines: names and passwords |
| selection | which articles take part, as JSON |
| turns | one at a time, first come first served, and a limit to the line |

Nothing here imports a server or a framework: a guard is plain ASGI.
"""

from __future__ import annotations

from rag.web.address import Names, listen
from rag.web.beside import Beside, lifespan_of
from rag.web.guard import App, Message, Receive, Send, headers_of, refusal_of, refuse
from rag.web.turns import Turns

__all__ = [
    "App",
    "Beside",
    "Message",
    "Names",
    "Receive",
    "Send",
    "Turns",
    "headers_of",
    "lifespan_of",
    "listen",
    "refusal_of",
    "refuse",
]
