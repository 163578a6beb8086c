"""Progress bars on stderr, for indexing and for fetching weights."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.cli.console import err, note

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class _Bars:
    """Rich bars, shown where stderr is a terminal."""

    def __init__(self, *, in_bytes: bool) -> None:
        from rich import progress

        amount: tuple[progress.ProgressColumn, ...]
        if in_bytes:
            amount = (progress.DownloadColumn(), progress.TransferSpeedColumn())
        else:
            amount = (progress.MofNCompleteColumn(), progress.TextColumn("{task.fields[rate]}"))
        console = err()
        self._progress: Progress = progress.Progress(
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            *amount,
            progress.TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


class IndexBars(_Bars):
    """Draws an :class:`rag.ingestion.IndexObserver`."""

    def __init__(self) -> None:
        super().__init__(in_bytes=False)
        self._task: TaskID | None = None

    def files(self, total: int) -> None:
        """So many files will be looked at."""
        self._task = self._progress.add_task("Reading", total=total, rate="")

    def file_done(self, _path: str) -> None:
        """One more was looked at."""
        self._step(1, "files")

    def passages(self, total: int) -> None:
        """So many passages will be embedded."""
        self._task = self._progress.add_task("Embedding", total=total, rate="")

    def passages_done(self, count: int) -> None:
        """So many more were embedded."""
        self._step(count, "passages")

    def note(self, message: str) -> None:
        """Something that the user should know."""
        note(message)

    def _step(self, count: int, unit: str) -> None:
        if self._task is not None:
            task = next(t for t in self._progress.tasks if t.id == self._task)
            rate = f"{task.speed:.0f} {unit}/s" if task.speed else ""
            self._progress.update(self._task, advance=count, rate=rate)


class SummaryBars(_Bars):
    """Draws a :class:`rag.summarization.Observer`.

    Args:
        unit: what is read, such as sentences.
    """

    def __init__(self, unit: str) -> None:
        super().__init__(in_bytes=False)
        self._unit = unit
        self._tasks: dict[str, TaskID] = {}

    def reading(self, done: int, total: int) -> None:
        """So many have been read."""
        self._to("Reading", done, total, self._unit)

    def wording(self, done: int, total: int) -> None:
        """So many points have been put into words."""
        self._to("Wording", done, total, "points")

    def _to(self, job: str, done: int, total: int, unit: str) -> None:
        if job not in self._tasks:
            self._tasks[job] = self._progress.add_task(job, total=total, rate="")
        task = next(t for t in self._progress.tasks if t.id == self._tasks[job])
        rate = f"{task.speed:.1f} {unit}/s" if task.speed else ""
        self._progress.update(task.id, completed=done, total=total, rate=rate)


class FetchBar(_Bars):
    """Draws a :class:`rag.models.Progress`: one bar, whichever source is tried."""

    def __init__(self) -> None:
        super().__init__(in_bytes=True)
        self._task: TaskID | None = None

    def start(self, total_bytes: int, label: str) -> None:
        """A job of that many bytes begins."""
        if self._task is None:
            self._task = self._progress.add_task(label, total=total_bytes)
        else:
            self._progress.reset(self._task, total=total_bytes, description=label)

    def advance(self, n_bytes: int) -> None:
        """So many bytes more are done."""
        if self._task is not None:
            self._progress.advance(self._task, n_bytes)

    def finish(self) -> None:
        """The job ended; the bar goes when the command does."""
