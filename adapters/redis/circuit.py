"""A circuit breaker: after a few failures in a row, no request waits for what does not answer."""

import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 3  # one may be chance, three in a row are not
REST_SECONDS: Final = 2.0  # then one call tries again; the others go on without


class Circuit:
    """Closed (calls pass) until ``failures`` in a row; then open, with one trial call per ``rest`` seconds."""

    def __init__(
        self, failures: int = FAILURES, rest: float = REST_SECONDS, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._rest = rest
        self._now = now
        self._failures = 0
        self._next_trial = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are held back."""
        return self._failures >= self._limit

    def admits(self) -> bool:
        """Whether this call may be made; a trial call counts as the only one until the next is due."""
        if not self.is_open:
            return True
        if self._now() < self._next_trial:
            return False
        self._next_trial = self._now() + self._rest
        return True

    def succeeded(self) -> None:
        """Close it."""
        self._failures = 0

    def failed(self) -> None:
        """Count a failure."""
        self._failures += 1
        self._next_trial = self._now() + self._rest
