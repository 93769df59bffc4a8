"""Which points are drawn: nothing that matters is lost."""

import numpy as np
import pytest

from adapters.tsdownsample.downsampler import MinMaxLttbDownsampler

LIMIT = 2_000


def walk(n: int) -> np.ndarray:
    return np.cumsum(np.random.default_rng(n).normal(size=n))


@pytest.mark.parametrize("n", [0, 1, 2, 1_999, 2_000])
def test_short_series_is_drawn_whole(n: int) -> None:
    assert MinMaxLttbDownsampler().choose(walk(n), LIMIT, []).tolist() == list(range(n))


@pytest.mark.parametrize("n", [2_001, 5_000, 100_000])
@pytest.mark.parametrize("holes", [0.0, 0.3, 1.0])
def test_long_series_keeps_ends_extremes_and_what_was_asked_for(n: int, holes: float) -> None:
    values = walk(n)
    values[np.random.default_rng(1).random(n) < holes] = np.nan
    keep = [3, 4, 5, n // 2, n - 3]
    chosen = MinMaxLttbDownsampler().choose(values, LIMIT, keep)
    assert np.all(np.diff(chosen) > 0)
    assert set(keep) | {0, n - 1} <= set(chosen.tolist())
    assert len(chosen) <= LIMIT
    if holes < 1:
        assert {int(np.nanargmin(values)), int(np.nanargmax(values))} <= set(chosen.tolist())
        assert len(chosen) > LIMIT // 2


def test_more_points_to_keep_than_the_limit_are_all_kept() -> None:
    keep = list(range(0, 10_000, 3))
    assert set(keep) <= set(MinMaxLttbDownsampler().choose(walk(10_000), LIMIT, keep).tolist())
