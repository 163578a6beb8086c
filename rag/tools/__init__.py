"""Tools for other programs' models, over the Model Context Protocol (MCP).

| module | what it owns |
| --- | --- |
| results | what each tool gives, typed, so that its JSON schema can be published |
| making | the pipeline's values as these results |
| desk | one call at a time where the chat model is needed, and stopping |
| offering | the five tools, their parameters and their descriptions |
| serving | over standard input and output, or beside a server's own addresses; schemas as files |

The official SDK is used and not Gradio's MCP server, which publishes no schema of results and
pins older versions of what the page needs. Importing this package does not import it.
"""

from __future__ import annotations

from rag.tools.desk import Source
from rag.tools.serving import beside, publish, serve_stdio

__all__ = ["Source", "beside", "publish", "serve_stdio"]
