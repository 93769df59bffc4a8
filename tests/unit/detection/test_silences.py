"""Rare demand that stops: a run of zeros that is longer than chance and the series make one."""

import numpy as np

from domain.detection.detectors.silence import silences
from domain.detection.prepared_series import PreparedSeries, prepare


def demand(*, silent: slice | None = None, chance: float = 0.3) -> PreparedSeries:
    rng = np.random.default_rng(7)
    values = np.where(rng.random(600) < chance, rng.integers(1, 5, 600), 0).astype(np.float64)
    if silent is not None:
        values[silent] = 0.0
    return prepare(np.datetime64("2023-01-01") + np.arange(600), values)


def test_a_silence_is_judged_over_its_whole_length_and_peaks_at_its_beginning() -> None:
    series = demand(silent=slice(300, 380))
    (scores,) = silences(series, np.ones(600, dtype=np.bool_))
    silent = np.flatnonzero(scores.deviations < 0)
    assert set(range(300, 380)) <= set(silent.tolist())
    assert len(silent) <= 100
    assert int(np.argmin(scores.own)) == silent[0]
    assert (scores.expected[silent] > 0).all()


def test_zeros_as_long_as_chance_makes_them_are_no_silence() -> None:
    assert silences(demand(), np.ones(600, dtype=np.bool_)) == []


def test_a_series_without_zeros_has_no_silence() -> None:
    assert silences(demand(chance=1.0), np.ones(600, dtype=np.bool_)) == []
