import msgspec
import numpy as np
import pytest

from domain.analysis.point_table import PointTable, tabulate, window
from domain.errors import CorruptedError, InvalidInputError
from domain.timeseries.aggregation import Granularity
from domain.timeseries.series import TimeSeries, labels
from tests.support.findings import EveryNth, a_detection, a_series, an_anomaly


def a_table(series: TimeSeries, peaks: tuple[int, ...] = ()) -> PointTable:
    anomalies = [an_anomaly(series, peak, expected=0.5) for peak in peaks]
    return tabulate(series, a_detection(series, anomalies))


def waves(count: int) -> np.ndarray:
    return 2 + np.sin(np.arange(count) / 7) + np.random.default_rng(0).normal(0, 0.1, count)


def test_a_table_comes_back_from_its_bytes_as_it_was() -> None:
    series = a_series(waves(500), Granularity.HOUR, time_zone="Europe/Berlin")
    table = a_table(series, (3, 77))
    again = PointTable.from_bytes(table.to_bytes())
    for name in ("time", "offset", "value", "rolling", "expected", "lower", "upper", "peaks"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
    assert (again.granularity, again.time_zone, again.precision) == (Granularity.HOUR, "Europe/Berlin", "s")


def test_bytes_of_another_format_cut_short_or_of_unequal_arrays_are_corrupted() -> None:
    whole = a_table(a_series(waves(20)), (3,)).to_bytes()
    packed = msgspec.msgpack.decode(whole[1:])
    packed["arrays"]["lower"] = packed["arrays"]["lower"][:-8]
    shorter = whole[:1] + msgspec.msgpack.encode(packed)
    packed["arrays"]["lower"] = packed["arrays"]["lower"][:-3]
    torn = whole[:1] + msgspec.msgpack.encode(packed)
    del packed["arrays"]["lower"]
    without = whole[:1] + msgspec.msgpack.encode(packed)
    for broken in (b"", b"\x02" + whole[1:], whole[:-9], whole[:1], shorter, torn, without):
        with pytest.raises(CorruptedError):
            PointTable.from_bytes(broken)


def test_a_peak_outside_the_table_is_corrupted() -> None:
    packed = msgspec.msgpack.decode(a_table(a_series(waves(20)), (3,)).to_bytes()[1:])
    packed["arrays"]["peaks"] = np.array([20], "<i8").tobytes()
    with pytest.raises(CorruptedError):
        PointTable.from_bytes(b"\x01" + msgspec.msgpack.encode(packed))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"])
@pytest.mark.parametrize("granularity", [Granularity.HOUR, Granularity.DAY, Granularity.WEEK])
def test_times_are_written_as_the_series_writes_them(zone: str, granularity: Granularity) -> None:
    series = a_series(waves(300), granularity, start="2024-03-01T12:00", time_zone=zone)
    table = a_table(series)
    assert list(table.labels(np.arange(len(table)))) == labels(series)
    assert table.label(7) == labels(series)[7]


def test_a_window_has_the_points_between_and_one_more_on_either_side() -> None:
    table = a_table(a_series(waves(100)))
    shown = window(table, "2024-01-10", "2024-01-12", 1_000, EveryNth().choose)
    assert shown.time == ("2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12", "2024-01-13")
    assert (shown.total_points, shown.downsampled) == (5, False)


def test_a_window_without_ends_is_everything() -> None:
    shown = window(a_table(a_series(waves(100))), None, None, 1_000, EveryNth().choose)
    assert shown.total_points == 100
    assert len(shown.time) == len(shown.value) == len(shown.lower) == 100


def test_local_times_and_times_with_an_offset_name_the_same_window() -> None:
    table = a_table(a_series(waves(100), Granularity.HOUR, time_zone="Europe/Berlin"))
    local = window(table, "2024-01-02T05:00", "2024-01-02T07:00", 1_000, EveryNth().choose)
    aware = window(table, "2024-01-02T04:00Z", "2024-01-02T07:00+01:00", 1_000, EveryNth().choose)
    assert local == aware
    assert local.time[1] == "2024-01-02T05:00:00+01:00"


def test_an_end_without_a_clock_includes_its_whole_day() -> None:
    table = a_table(a_series(waves(100), Granularity.HOUR))
    shown = window(table, "2024-01-02", "2024-01-02", 1_000, EveryNth().choose)
    assert shown.total_points == 24 + 2


def test_a_window_beyond_the_data_shows_its_edge() -> None:
    table = a_table(a_series(waves(10)))
    assert window(table, "2030-01-01", "2031-01-01", 100, EveryNth().choose).time == ("2024-01-10",)
    assert window(table, "1990-01-01", "1991-01-01", 100, EveryNth().choose).time == ("2024-01-01",)


def test_a_time_that_is_none_and_an_end_before_the_start_are_refused() -> None:
    table = a_table(a_series(waves(10)))
    with pytest.raises(InvalidInputError, match="no time") as refused:
        window(table, "yesterday", None, 100, EveryNth().choose)
    assert refused.value.details["field"] == "from"
    with pytest.raises(InvalidInputError, match="ends"):
        window(table, "2024-01-09", "2024-01-02", 100, EveryNth().choose)


def test_thinning_keeps_every_anomaly_and_both_extremes() -> None:
    values = waves(20_000)
    values[[4_321, 11_111]] = [9.0, -9.0]
    peaks = tuple(range(50, 20_000, 67))
    series = a_series(values, Granularity.HOUR)
    table = a_table(series, peaks)
    shown = window(table, None, None, 2_000, EveryNth().choose)
    assert shown.downsampled
    assert shown.total_points == 20_000
    assert set(table.labels(np.array(peaks))) <= set(shown.time)
    assert {9.0, -9.0} <= set(shown.value)


def test_a_gap_stays_a_hole_when_points_are_thinned() -> None:
    values = waves(5_000)
    values[1_000:1_007] = np.nan
    shown = window(a_table(a_series(values, Granularity.HOUR)), None, None, 100, EveryNth().choose)
    assert None in shown.value


def test_numbers_are_short_on_the_wire_but_anomalies_keep_every_digit() -> None:
    values = waves(50)
    shown = window(a_table(a_series(values), (7,)), None, None, 100, EveryNth().choose)
    assert shown.value[7] == values[7]
    ordinary = [value for at, value in enumerate(shown.value) if at != 7 and value is not None]
    assert max(len(repr(value)) for value in ordinary) <= 8
    assert shown.value[8] == pytest.approx(values[8], abs=1e-5)


def test_huge_and_tiny_series_are_rounded_by_their_own_spread() -> None:
    for size in (1e150, 1e-150):
        values = waves(30) * size
        shown = window(a_table(a_series(values)), None, None, 100, EveryNth().choose)
        np.testing.assert_allclose(np.array(shown.value, dtype=float), values, rtol=1e-4)
