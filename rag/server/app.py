"""The addresses of the server, and what each one does."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.exceptions import HTTPException

from rag import __version__
from rag.errors import BusyError, RagError
from rag.schema import JSON, Answer
from rag.server import replies
from rag.server.following import Follower
from rag.server.jobs import Event, Jobs, Outcome, Piece
from rag.server.replies import Reply
from rag.server.requests import MODEL, ChatRequest
from rag.web import Beside, lifespan_of

_MODEL: JSON = {"id": MODEL, "object": "model", "created": 0, "owned_by": "citeline"}


def build_app(jobs: Jobs, beside: Beside | None = None) -> FastAPI:
    """The server's application, without its gate.

    Args:
        jobs: takes the questions of all clients.
        beside: more addresses.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan_of(beside))
    app.router.routes.extend(beside.routes if beside else ())
    app.exception_handler(RagError)(_explained)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(HTTPException)(_unknown)

    @app.get("/healthz")
    async def healthz() -> Response:
        return _health(jobs)

    @app.get("/v1/models")
    async def models() -> JSON:
        return {"object": "list", "data": [_MODEL]}

    @app.get("/v1/models/{name}")
    async def model(name: str) -> JSON:
        if name != MODEL:
            raise HTTPException(404, f"There is no model of that name, only {MODEL!r}.")
        return _MODEL

    @app.post("/v1/chat/completions")
    async def complete(asked: ChatRequest, request: Request) -> Response:
        question, filters = asked.question(), asked.citeline.filters()
        follower = Follower(request).start(jobs, question, filters)
        return await (_streamed(follower, asked) if asked.stream else _whole(follower))

    return app


def _health(jobs: Jobs) -> Response:
    state = "ok" if jobs.ready else "broken" if jobs.broken else "loading"
    body: JSON = {"status": state, "waiting": jobs.waiting, "version": __version__}
    if jobs.broken is not None:
        body["error"] = str(jobs.broken)
    return JSONResponse(body, status_code=503 if jobs.broken else 200)


async def _whole(follower: Follower) -> Response:
    try:
        while not isinstance(event := await follower.next(), Outcome):
            pass
    finally:
        follower.close()
    return JSONResponse(Reply().whole(_answer_of(event), event.usage))


async def _streamed(follower: Follower, asked: ChatRequest) -> Response:
    """Answer in pieces; what goes wrong before the first one still has a status of its own."""
    first = await follower.next()
    if isinstance(first, Outcome):
        follower.close()
        _answer_of(first)
    return StreamingResponse(
        _pieces(first, follower, include_usage=asked.include_usage),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _pieces(
    event: Event | None, follower: Follower, *, include_usage: bool
) -> AsyncIterator[str]:
    """The events of a stream, from the first that has happened to the last."""
    reply, written = Reply(), ""
    yield replies.event(reply.opening())
    try:
        while not isinstance(event, Outcome):
            if isinstance(event, Piece):
                written += event.text
                yield replies.event(reply.piece(event.text))
            else:
                yield replies.WAITING
            event = await follower.next()
    finally:
        follower.close()
    if isinstance(event.result, RagError):
        yield replies.event(replies.error_of(event.result)[1])
        return
    if rest := event.result.text.removeprefix(written):
        yield replies.event(reply.piece(rest))
    yield replies.event(reply.closing(event.result))
    if include_usage:
        yield replies.event(reply.count(event.usage))
    yield replies.DONE


def _answer_of(outcome: Outcome) -> Answer:
    if isinstance(outcome.result, RagError):
        raise outcome.result
    return outcome.result


async def _explained(_: Request, error: RagError) -> Response:
    status, body = replies.error_of(error)
    later = {"retry-after": str(replies.RETRY_AFTER_S)} if isinstance(error, BusyError) else {}
    return JSONResponse(body, status_code=status, headers=later)


async def _malformed(_: Request, error: RequestValidationError) -> Response:
    """Say which field of a body is wrong, without repeating what stands in it."""
    first = error.errors()[0]
    place = ".".join(str(step) for step in first["loc"][1:])
    message = f"The body cannot be read at {place or 'its beginning'}: {first['msg']}."
    body = replies.error_json(
        message, "invalid_request_error", code="invalid_value", param=place or None
    )
    return JSONResponse(body, status_code=400)


async def _unknown(_: Request, error: HTTPException) -> Response:
    body = replies.error_json(
        str(error.detail), "invalid_request_error", code=f"http_{error.status_code}"
    )
    return JSONResponse(body, status_code=error.status_code, headers=dict(error.headers or {}))
