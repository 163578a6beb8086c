"""A question on its way through a thread, and the end of all of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rag.errors import GenerationStoppedError, RagError
from rag.protocols import StopCheck
from rag.schema import Answer, Filters, Retrieval
from rag.server.metering import NOTHING, Meter, Usage
from rag.web.turns import Turn, Turns

# A stopped model ends within one step of decoding, 0.1 s, or one batch of a prompt, seconds.
CLOSE_WITHIN_S = 5.0

_log = logging.getLogger(__name__)


class Asker(Protocol):
    """Answers questions; the pipeline is one. It is called by one thread at a time."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters,
        on_evidence: Callable[[Retrieval], None],
        on_text: Callable[[str], None],
        stop: StopCheck,
    ) -> Answer:
        """Answer a question.

        Args:
            question: not empty.
            filters: which documents take part.
            on_evidence: called once, before anything is written.
            on_text: called with pieces of the answer that have passed verification; all of them
                together are the beginning of the answer's text.
            stop: True once the client has gone.

        Raises:
            RagError: with a message and a hint that the client gets.
            GenerationStoppedError: ``stop`` said so.
        """
        ...

    def warm(self) -> None:
        """Load everything that a question needs.

        Raises:
            RagError: a part is missing.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """The search is done."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the answer, verified."""

    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end: an answer, or why there is none."""

    result: Answer | RagError
    usage: Usage = NOTHING


Event = Found | Piece | Outcome


class Job:
    """One question; what happens to it is told to ``tell``, from a thread of its own."""

    def __init__(self, question: str, filters: Filters, tell: Callable[[Event], None]) -> None:
        self.question = question
        self.filters = filters
        self.tell = tell
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Stop soon; from any thread, and more than once."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether it was told to stop."""
        return self._stopped.is_set()


class Jobs:
    """All questions of a server over one asker.

    Args:
        asker: called by one thread at a time.
        turns: the line in which its questions wait, with whatever else uses the chat model.
        meter: wraps the asker's chat model.
    """

    def __init__(self, asker: Asker, *, turns: Turns, meter: Meter) -> None:
        self._asker = asker
        self._turns = turns
        self._meter = meter
        self._open: set[Job] = set()
        self._closing = False
        self.ready = False
        """Whether the heavy parts are loaded."""
        self.broken: RagError | None = None
        """Why they could not be loaded."""

    @property
    def waiting(self) -> int:
        """How many questions wait, the one that is answered not counted."""
        return self._turns.waiting

    def warm(self) -> None:
        """Begin to load the heavy parts; questions wait behind it."""
        turn = self._turns.join()
        threading.Thread(target=self._warm, args=(turn,), name="warm", daemon=True).start()

    def start(self, job: Job) -> None:
        """Put a question into the line.

        Raises:
            BusyError: the line is full.
            GenerationStoppedError: the server is about to end.
        """
        if self._closing:
            raise GenerationStoppedError("The server is about to end.")
        turn = self._turns.join()
        self._open.add(job)
        threading.Thread(target=self._run, args=(job, turn), name="ask", daemon=True).start()

    def stop_all(self) -> None:
        """Stop every question and take no more."""
        self._closing = True
        for job in list(self._open):
            job.stop()

    def close(self) -> None:
        """Stop every question and wait until the model rests, 5 s at most.

        An interpreter that ends while a thread is inside the model can crash.
        """
        self.stop_all()
        self._turns.rest(CLOSE_WITHIN_S)

    def _warm(self, turn: Turn) -> None:
        with turn.taken(lambda: self._closing):
            try:
                self._asker.warm()
                self.ready = True
            except RagError as error:
                self.broken = error
            except Exception as error:  # noqa: BLE001 - the health check tells it
                _log.exception("the models could not be loaded")
                self.broken = _explained(error)

    def _run(self, job: Job, turn: Turn) -> None:
        try:
            with turn.taken(lambda: job.stopped):
                outcome = self._asked(job)
        except RagError as error:
            outcome = Outcome(error)
        except Exception as error:  # noqa: BLE001 - a mistake in the program must not leave a client waiting
            _log.exception("a question failed")
            outcome = Outcome(_explained(error))
        self._open.discard(job)
        job.tell(outcome)

    def _asked(self, job: Job) -> Outcome:
        self._meter.reset()
        answer = self._asker.ask(
            job.question,
            filters=job.filters,
            on_evidence=lambda _: job.tell(Found()),
            on_text=lambda text: job.tell(Piece(text)),
            stop=lambda: job.stopped,
        )
        self.ready, self.broken = True, None
        return Outcome(answer, self._meter.usage)


def _explained(error: Exception) -> RagError:
    return RagError(
        f"Something broke inside citeline ({type(error).__name__}); nothing was lost.",
        "What went wrong is written where the server was started. Please report it.",
    )
