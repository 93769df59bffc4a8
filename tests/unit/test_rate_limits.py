"""The sliding window: whatever comes, no window of its length ever holds more than the limit."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.rate_limit import SlidingWindow, too_many
from domain.errors import RateLimitedError
from tests.support.fakes import NOON

MINUTE = timedelta(minutes=1)


@given(st.lists(st.integers(0, 40), max_size=80), st.integers(1, 5))
def test_no_window_holds_more_than_the_limit_and_every_refusal_tells_the_truth(pauses: list[int], limit: int) -> None:
    window, now = SlidingWindow(10), NOON
    passed = []
    for pause in pauses:
        now += timedelta(seconds=pause)
        recent = [at for at in passed if at > now - MINUTE]
        try:
            window.hit("key", limit, MINUTE, now)
        except RateLimitedError as refusal:
            assert len(recent) == limit
            wait = timedelta(seconds=int(str(refusal.details["retryAfterSeconds"])))
            assert recent[0] + MINUTE == now + wait
        else:
            assert len(recent) < limit
            passed.append(now)


@pytest.mark.parametrize(("wait", "seconds"), [(0.2, 1), (1, 1), (1.000001, 2), (60, 60), (0, 1)])
def test_wait_is_said_in_whole_seconds_rounded_up(wait: float, seconds: int) -> None:
    refusal = too_many(timedelta(seconds=wait))
    assert refusal.details["retryAfterSeconds"] == seconds
    assert f"{seconds} seconds" in refusal.message


def test_limit_of_none_lets_nobody_through() -> None:
    with pytest.raises(RateLimitedError):
        SlidingWindow(10).hit("key", 0, MINUTE, NOON)
