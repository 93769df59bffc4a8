"""Laws of the axes of a printed chart."""

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.report_renderers.axes import AxisScale, tick_texts, time_ticks, value_ticks

NUMBERS = st.floats(-1e15, 1e15).map(lambda value: 0.0 if abs(value) < 1e-12 else value)
TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - wall clock


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
@example(0.0, 0.0)
@example(1e15, 1e15)
def test_value_ticks_enclose_the_values_and_are_few(one: float, other: float) -> None:
    low, high = sorted((one, other))
    ticks = value_ticks(low, high)
    assert 2 <= len(ticks) <= 9
    slack = 1e-9 * max(abs(low), abs(high), 1.0)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert ticks == sorted(ticks)
    assert len(tick_texts(ticks)) == len(ticks)


@settings(deadline=None)
@given(st.integers(-8, 14), st.integers(0, 900), st.integers(1, 100))
def test_no_two_ticks_are_written_alike(power: int, low: int, span: int) -> None:
    ticks = value_ticks(low * 10.0**power, (low + span) * 10.0**power)
    texts = tick_texts(ticks)
    assert len(set(texts)) == len(texts)


@settings(deadline=None)
@given(TIMES, TIMES)
def test_time_ticks_are_few_round_and_inside(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    ticks = time_ticks(first, last)
    assert len(ticks) <= 9
    assert all(first <= at <= last for at, _ in ticks)
    assert all(at.second == 0 for at, _ in ticks)
    if last - first >= timedelta(minutes=5):
        assert ticks


@given(NUMBERS, st.floats(1e-6, 1e12))
def test_a_scale_maps_its_ends_onto_its_ends(low: float, span: float) -> None:
    scale = AxisScale(low, low + span, 10.0, 110.0)
    if low + span > low:
        assert abs(scale(low) - 10.0) < 1e-6
        assert abs(scale(low + span) - 110.0) < 1e-6
