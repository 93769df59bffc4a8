"""Reading a calendar file, so that its events can be given to an analysis."""

from dataclasses import dataclass

from domain.analysis.calendar_file import CalendarEvents, read_calendar
from domain.ports.system import Clock, WorkerPool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCalendar:
    """From the text of a calendar file to the events in it. Keeps nothing."""

    worker_pool: WorkerPool
    clock: Clock

    async def __call__(self, text: str) -> CalendarEvents:
        """Return the events. Raises InvalidInputError if there are none."""
        today = self.clock.now().date()
        return await self.worker_pool.run(lambda: read_calendar(text, today))
