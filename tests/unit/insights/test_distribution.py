import numpy as np
import pytest

from domain.analysis.distribution import MOST_BINS, MOST_OUTLIERS, box, histogram


def test_bins_have_round_edges_and_count_every_value_once() -> None:
    values = np.random.default_rng(1).normal(842, 4.8, 2_160)
    drawn = histogram(values, [])
    assert sum(drawn.counts) == 2_160
    assert set(np.diff(drawn.edges).round(9)) == {1.0}
    assert all(edge == round(edge) for edge in drawn.edges)


def test_anomalies_are_counted_in_the_bin_of_their_value() -> None:
    values = np.array([10.0, 11, 12, 11, 10, 12, 11, 49])
    drawn = histogram(values, [7])
    assert sum(drawn.anomalies) == 1
    at = drawn.anomalies.index(1)
    assert drawn.edges[at] <= 49 <= drawn.edges[at + 1]
    assert drawn.counts[at] == 1


def test_a_far_outlier_does_not_make_thousands_of_bins() -> None:
    values = np.append(np.random.default_rng(2).normal(0, 1, 5_000), 1e6)
    assert len(histogram(values, []).counts) <= MOST_BINS


def test_whole_numbers_get_whole_bins() -> None:
    drawn = histogram(np.array([0.0, 1, 1, 2, 2, 2, 3, 3, 4]), [])
    assert drawn.edges == (0, 1, 2, 3, 4)
    assert drawn.counts == (1, 2, 3, 3)


@pytest.mark.parametrize("value", [0.0, 5.0, -3e300, 1e-300])
def test_a_constant_series_is_one_bin(value: float) -> None:
    drawn = histogram(np.full(9, value), [])
    assert drawn.counts == (9,)
    assert drawn.edges[0] <= value <= drawn.edges[1]


def test_missing_values_are_left_out_of_histogram_and_boxes() -> None:
    values = np.array([1.0, np.nan, 2, 3])
    wall = np.datetime64("2024-01-01", "us") + np.arange(4) * np.timedelta64(1, "D")
    assert sum(histogram(values, [1]).counts) == 3
    assert sum(histogram(values, [1]).anomalies) == 0
    assert box(wall, values).groups[0].count == 3


def test_a_series_without_any_value_has_nothing_to_draw() -> None:
    nothing = np.full(3, np.nan)
    assert histogram(nothing, []).edges == ()
    assert box(np.array(["2024-01-01"] * 3, "datetime64[us]"), nothing).groups == ()


def days(count: int, start: str = "2024-01-01") -> np.ndarray:
    return np.datetime64(start, "us") + np.arange(count) * np.timedelta64(1, "D")


def test_daily_values_that_depend_on_the_weekday_are_boxed_by_it() -> None:
    wall = days(70)  # 2024-01-01 was a Monday
    values = np.where(np.arange(70) % 7 >= 5, 10.0, 20.0) + np.random.default_rng(3).normal(0, 0.5, 70)
    drawn = box(wall, values)
    assert drawn.by == "weekday"
    assert [group.label for group in drawn.groups] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert drawn.groups[5].median == pytest.approx(10, abs=0.6)
    assert drawn.groups[0].median == pytest.approx(20, abs=0.6)


def test_hourly_values_with_a_daily_course_are_boxed_by_hour() -> None:
    wall = np.datetime64("2024-01-01", "us") + np.arange(24 * 30) * np.timedelta64(1, "h")
    values = np.sin(2 * np.pi * np.arange(24 * 30) / 24)
    drawn = box(wall, values)
    assert drawn.by == "hour"
    assert [group.label for group in drawn.groups][:3] == ["00", "01", "02"]
    assert len(drawn.groups) == 24


def test_years_of_days_with_a_yearly_course_are_boxed_by_month() -> None:
    wall = days(4 * 365)
    values = np.cos(2 * np.pi * np.arange(4 * 365) / 365.25)
    drawn = box(wall, values)
    assert drawn.by == "month"
    assert [group.label for group in drawn.groups][-1] == "Dec"


def test_a_short_series_is_one_box() -> None:
    drawn = box(days(7), np.array([24_000.0, 25_500, 89_000, 23_800, 24_500, 62_000, 8_000]))
    assert drawn.by == "all"
    (whole,) = drawn.groups
    assert (whole.count, whole.q1, whole.median, whole.q3) == (7, 23_900, 24_500, 43_750)
    assert (whole.lower_whisker, whole.upper_whisker, whole.outliers) == (8_000, 62_000, (89_000,))


def test_whiskers_reach_the_last_point_inside_and_outliers_stop_at_a_dozen() -> None:
    values = np.concatenate([np.arange(100.0), np.full(30, 1_000.0) + np.arange(30)])
    (whole,) = box(days(130)[:1].repeat(130), values).groups
    assert whole.upper_whisker <= whole.q3 + 1.5 * (whole.q3 - whole.q1)
    assert whole.upper_whisker in values
    assert len(whole.outliers) == MOST_OUTLIERS
    assert whole.outliers[-1] == 1_029
