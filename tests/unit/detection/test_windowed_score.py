"""The windowed score: what a benchmark of rankings is given."""

import numpy as np
import pytest

from domain.detection.detect import detect
from domain.detection.scoring.windowed import WITHOUT_PERIOD, window_of, windowed


def test_points_of_a_window_share_its_largest_score() -> None:
    score = np.array([np.nan, 0.2, 3.0, 0.1, 0.0, 0.4])
    np.testing.assert_array_equal(windowed(score, 3), [0.2, 3.0, 3.0, 3.0, 0.4, 0.4])
    np.testing.assert_array_equal(windowed(score, 1), np.nan_to_num(score))


def test_window_is_the_period_and_125_without_one() -> None:
    at = np.arange(2_000)
    assert window_of(np.sin(2 * np.pi * at / 50)) == 50
    assert window_of(at.astype(np.float64)) == WITHOUT_PERIOD


def test_windowed_score_of_a_series_is_highest_around_its_anomaly() -> None:
    values = 100 + 10 * np.sin(2 * np.pi * np.arange(960) / 24) + np.random.default_rng(1).standard_normal(960)
    values[500] += 60
    hours = np.datetime64("2024-01-01T00", "h") + np.arange(960)
    score = windowed(detect(hours, values).score, window_of(values))
    assert np.flatnonzero(score == score.max()).tolist() == list(range(489, 513))


def test_window_of_no_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1; got 0"):
        windowed(np.zeros(3), 0)
