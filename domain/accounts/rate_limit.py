"""How many attempts a caller has left: a sliding window over the times of those that were let through."""

import math
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from typing import Final

from domain.errors import RateLimitedError

LONGEST_IN_SECONDS: Final = 90  # a longer wait is said in minutes


class SlidingWindow:
    """Counts attempts by key in this process's memory. Refused attempts do not lengthen the wait.

    At most ``max_keys`` keys are remembered; the least recently seen is forgotten first.
    """

    def __init__(self, max_keys: int) -> None:
        self._max_keys = max_keys
        self._attempts: OrderedDict[str, deque[datetime]] = OrderedDict()

    def hit(self, key: str, limit: int, window: timedelta, now: datetime) -> None:
        """Count one attempt.

        Raises:
            RateLimitedError: there were ``limit`` within the last ``window``.
        """
        attempts = self._attempts.setdefault(key, deque())
        self._attempts.move_to_end(key)
        while attempts and attempts[0] <= now - window:
            attempts.popleft()
        if len(attempts) >= limit:
            raise too_many(attempts[len(attempts) - limit] + window - now if limit else window)
        attempts.append(now)
        if len(self._attempts) > self._max_keys:
            self._attempts.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._attempts.clear()


def too_many(wait: timedelta) -> RateLimitedError:
    """Say when to come back, in whole seconds rounded up."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    minutes = math.ceil(seconds / 60)
    wait_text = f"{seconds} seconds" if seconds < LONGEST_IN_SECONDS else f"{minutes} minutes"
    return RateLimitedError(f"Too many attempts. Try again in {wait_text}.", retryAfterSeconds=seconds)
