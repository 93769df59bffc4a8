"""What the numbers of a series are, and the calendar in it."""

import numpy as np

from domain.detection.baseline.calendar_rules import CalendarRule
from domain.detection.detect import detect
from domain.detection.interpretation import Nature
from domain.detection.result import Certainty, QualityCode, Severity

RNG = np.random.default_rng(11)


def days(count: int, start: str = "2023-01-01") -> np.ndarray:
    return np.datetime64(start) + np.arange(count)


def test_total_that_only_rises_is_judged_by_its_increments() -> None:
    values = 1_000 + np.cumsum(RNG.poisson(50, 300)).astype(float)
    values[200:] += 900
    found = detect(days(300), values)
    assert found.profile.nature is Nature.CUMULATIVE
    (anomaly,) = found.anomalies
    assert anomaly.peak == 200
    assert anomaly.value == values[200]
    assert anomaly.value > anomaly.upper


def test_reading_of_zero_that_is_back_at_once_is_one_bad_reading() -> None:
    values = 1_000 + np.cumsum(RNG.poisson(50, 300)).astype(float)
    values[120] = 0.0
    assert [a.peak for a in detect(days(300), values).anomalies] == [120]


def test_code_for_missing_is_left_out_and_reported() -> None:
    values = 60 + 3 * RNG.standard_normal(300)
    values[[20, 90, 180]] = 9_999.0
    found = detect(days(300), values)
    assert found.anomalies == ()
    assert (QualityCode.CODE_FOR_MISSING, 3) in [(q.code, q.count) for q in found.quality]
    assert QualityCode.NOT_FINITE not in {q.code for q in found.quality}


def test_sums_of_months_are_compared_per_day() -> None:
    months = np.arange("2015-01", "2025-01", dtype="datetime64[M]")
    length = ((months + 1).astype("datetime64[D]") - months.astype("datetime64[D]")).astype(float)
    values = 1_000 * length * np.exp(0.003 * RNG.standard_normal(120))
    found = detect(months, values)
    assert found.anomalies == ()
    assert found.profile.nature is Nature.PER_MONTH


def test_month_end_without_its_peak_is_found_and_the_peaks_are_not() -> None:
    time = days(730)
    following = (time + 1).astype("datetime64[M]")
    ends = np.flatnonzero(following != time.astype("datetime64[M]"))
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(730))
    values[ends] *= 2.4
    values[ends[15]] /= 2.4
    assert [a.peak for a in detect(time, values).anomalies] == [ends[15]]


def on_dates(time: np.ndarray, date: str) -> np.ndarray:
    return np.flatnonzero([str(day)[5:] == date for day in time])


def test_day_that_is_low_in_each_of_three_years_is_said_once_with_its_dates() -> None:
    time = days(1_095)
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(1_095))
    christmas = on_dates(time, "12-25")
    values[christmas] *= 0.3
    found = detect(time, values)
    assert found.anomalies == ()
    (habit,) = (q for q in found.quality if q.code is QualityCode.CALENDAR)
    assert habit.day is not None
    assert (habit.day.month, habit.day.number) == (12, 25)
    assert habit.places == tuple(christmas.tolist())


def test_day_that_was_not_low_each_year_is_reported_named_and_weighs_little() -> None:
    time = days(1_461)
    values = 1_000 * np.exp(0.05 * np.random.default_rng(4).standard_normal(1_461))
    *low, other = on_dates(time, "12-25")
    values[low] *= 0.3
    found = {a.peak: a for a in detect(time, values).anomalies}
    assert list(found) == [*low, other]
    assert {found[at].severity for at in low} == {Severity.LOW}
    assert {found[at].certainty for at in low} == {Certainty.SURE}
    assert all(found[at].calendar is not None and found[at].calendar.as_usual for at in low)  # type: ignore[union-attr]
    assert found[other].calendar is not None
    assert not found[other].calendar.as_usual  # type: ignore[union-attr]


def test_holiday_is_followed_to_the_working_day_on_which_it_is_kept() -> None:
    time = days(1_461, "2020-01-01")  # 19 June is a Friday, a Saturday, a Sunday and a Monday
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(1_461))
    kept = np.searchsorted(time, np.array(["2020-06-19", "2021-06-18", "2022-06-20", "2023-06-19"], "datetime64[D]"))
    values[kept] *= 0.3
    found = detect(time, values)
    assert found.anomalies == ()
    (habit,) = (q for q in found.quality if q.code is QualityCode.CALENDAR)
    assert habit.day is not None
    assert habit.day.rule is CalendarRule.YEARLY_OBSERVED
    assert habit.places == tuple(kept.tolist())


def months_of(first: str, last: str) -> tuple[np.ndarray, np.ndarray]:
    time = np.arange(first, last, dtype="datetime64[M]")
    return time, 1 + time.astype(np.int64) % 12


def test_months_differ_by_where_easter_lies() -> None:
    time, month = months_of("2010-01", "2025-01")
    year = 1970 + time.astype(np.int64) // 12
    march = np.isin(year, [2013, 2016, 2024])
    values = 1_000 * np.exp(0.03 * RNG.standard_normal(len(time)))
    values[np.where(march, month == 3, month == 4)] *= 1.3
    found = detect(time, values)
    assert found.anomalies == ()
    rules = [q.day for q in found.quality if q.code is QualityCode.CALENDAR]
    assert {(day.rule, day.month) for day in rules if day is not None} == {
        (CalendarRule.EASTER_MONTH, 3),
        (CalendarRule.EASTER_MONTH, 4),
    }


def test_sums_of_months_are_compared_per_working_day_where_that_is_what_counts() -> None:
    time, _ = months_of("2012-01", "2025-01")
    first, following = time.astype("datetime64[D]"), (time + 1).astype("datetime64[D]")
    values = 50.0 * np.busday_count(first, following) * np.exp(0.01 * RNG.standard_normal(len(time)))
    values[100] *= 0.85
    found = detect(time, values)
    assert [a.peak for a in found.anomalies] == [100]
    assert found.profile.nature is Nature.PER_WORKING_DAY


def test_fall_over_two_weeks_is_one_episode_that_ends_with_the_return() -> None:
    values = 1_000 * np.exp(0.05 * RNG.standard_normal(600))
    values[300:314] *= np.linspace(0.9, 0.1, 14)
    values[314:380] *= 0.1
    found = detect(days(600), values).anomalies
    assert any(295 <= a.start <= 314 and 340 <= a.end <= 400 for a in found)
