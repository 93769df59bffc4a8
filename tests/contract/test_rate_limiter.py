"""The contract of ``RateLimiter``, on every store."""

import asyncio
from datetime import timedelta

import pytest

from domain.errors import RateLimitedError
from domain.ports.accounts import RateLimiter
from tests.support.fakes import FixedClock

MINUTE = timedelta(minutes=1)
STRANGE_KEYS = ["login:ann@example.com", "", "ü ✓", "x" * 5_000, "a:b*{c}", "::1", "\n"]


async def tries(limiter: RateLimiter, count: int, key: str = "key", limit: int = 3) -> list[bool]:
    """Whether each of some attempts was let through."""
    outcomes = []
    for _ in range(count):
        try:
            await limiter.hit(key, limit, MINUTE)
        except RateLimitedError:
            outcomes.append(False)
        else:
            outcomes.append(True)
    return outcomes


async def test_attempts_up_to_the_limit_pass_and_the_next_one_is_refused(rate_limiter: RateLimiter) -> None:
    assert await tries(rate_limiter, 5) == [True, True, True, False, False]


async def test_refusal_says_when_to_come_back_and_is_right(rate_limiter: RateLimiter, clock: FixedClock) -> None:
    await rate_limiter.hit("key", 2, MINUTE)
    clock.advance(timedelta(seconds=20))
    await rate_limiter.hit("key", 2, MINUTE)
    with pytest.raises(RateLimitedError) as refusal:
        await rate_limiter.hit("key", 2, MINUTE)
    assert refusal.value.details["retryAfterSeconds"] == 40
    clock.advance(timedelta(seconds=39))
    assert await tries(rate_limiter, 1, limit=2) == [False]
    clock.advance(timedelta(seconds=1))
    assert await tries(rate_limiter, 2, limit=2) == [True, False]


async def test_time_to_wait_is_rounded_up_to_whole_seconds(rate_limiter: RateLimiter, clock: FixedClock) -> None:
    await rate_limiter.hit("key", 1, MINUTE)
    clock.advance(timedelta(seconds=59.5))
    with pytest.raises(RateLimitedError) as refusal:
        await rate_limiter.hit("key", 1, MINUTE)
    assert refusal.value.details["retryAfterSeconds"] == 1


async def test_window_slides_and_has_no_edge_to_gather_at(rate_limiter: RateLimiter, clock: FixedClock) -> None:
    """With windows that start on the minute, six attempts around its turn would pass."""
    clock.advance(timedelta(seconds=59))
    assert await tries(rate_limiter, 3) == [True] * 3
    clock.advance(timedelta(seconds=2))
    assert await tries(rate_limiter, 3) == [False] * 3
    clock.advance(timedelta(seconds=58))
    assert await tries(rate_limiter, 4) == [True] * 3 + [False]


async def test_refused_attempts_do_not_lengthen_the_wait(rate_limiter: RateLimiter, clock: FixedClock) -> None:
    await tries(rate_limiter, 3)
    for _ in range(50):
        clock.advance(timedelta(seconds=1))
        assert await tries(rate_limiter, 1) == [False]
    clock.advance(timedelta(seconds=10))
    assert await tries(rate_limiter, 1) == [True]


async def test_keys_are_counted_apart(rate_limiter: RateLimiter) -> None:
    for key in STRANGE_KEYS:
        assert await tries(rate_limiter, 4, key) == [True, True, True, False]


async def test_of_concurrent_attempts_exactly_the_limit_passes(rate_limiter: RateLimiter) -> None:
    outcomes = await asyncio.gather(*(rate_limiter.hit("key", 7, MINUTE) for _ in range(40)), return_exceptions=True)
    assert outcomes.count(None) == 7
    assert sum(isinstance(outcome, RateLimitedError) for outcome in outcomes) == 33
