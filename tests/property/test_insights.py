"""Laws of what is drawn and said, for any series."""

import math

import msgspec
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.analysis.distribution import MOST_BINS, box, histogram
from domain.analysis.point_table import PointTable, tabulate, window
from domain.timeseries.aggregation import Granularity
from domain.wording.formatting import Figures, number
from tests.support.findings import EveryNth, a_detection, a_series, an_anomaly, an_assembled

MODERATE = st.floats(-1e12, 1e12).map(lambda value: 0.0 if abs(value) < 1e-9 else value)
ANY = st.floats(allow_nan=False, allow_infinity=False)


@settings(deadline=None)
@given(st.lists(ANY, min_size=1, max_size=200))
def test_a_histogram_holds_every_value_once_between_ascending_edges(values: list[float]) -> None:
    drawn = histogram(np.array(values), [0])
    assert sum(drawn.counts) == len(values)
    assert sum(drawn.anomalies) == 1
    assert all(a <= c for a, c in zip(drawn.anomalies, drawn.counts, strict=True))
    assert len(drawn.edges) == len(drawn.counts) + 1
    assert len(drawn.counts) <= MOST_BINS
    assert all(a < b for a, b in zip(drawn.edges, drawn.edges[1:], strict=False))
    assert drawn.edges[0] <= min(values)
    assert drawn.edges[-1] >= max(values)


@settings(deadline=None)
@given(st.lists(MODERATE, min_size=1, max_size=200), st.sampled_from([Granularity.HOUR, Granularity.DAY]))
def test_boxes_hold_every_point_and_their_figures_are_in_order(values: list[float], unit: Granularity) -> None:
    step = np.timedelta64(1, "h" if unit is Granularity.HOUR else "D")
    wall = np.datetime64("2024-01-01", "us") + np.arange(len(values)) * step
    drawn = box(wall, np.array(values))
    assert sum(group.count for group in drawn.groups) == len(values)
    for group in drawn.groups:
        assert group.lower_whisker <= group.q1 <= group.median <= group.q3 <= group.upper_whisker


@settings(deadline=None)
@given(st.lists(st.one_of(MODERATE, st.just(math.nan)), min_size=1, max_size=60))
def test_a_point_table_survives_its_bytes(values: list[float]) -> None:
    values[0] = 1.0
    series = a_series(values)
    table = tabulate(series, a_detection(series))
    again = PointTable.from_bytes(table.to_bytes())
    assert again.to_bytes() == table.to_bytes()
    shown = window(again, None, None, 1_000, EveryNth().choose)
    assert shown.total_points == len(series)


@settings(deadline=None)
@given(ANY, st.floats(0, 1e300), st.sampled_from([None, "$", "°C"]))
def test_any_number_can_be_written(value: float, spread: float, unit: str | None) -> None:
    figures = Figures(unit=unit, spread=spread)
    for text in (figures.about(value), figures.observed(value), number(value)):
        assert text
        assert "e+308" in text or "inf" not in text


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(MODERATE, st.just(math.nan)), min_size=6, max_size=80),
    st.data(),
)
def test_an_analysis_of_anything_is_json_without_nan_and_says_at_most_eight_things(
    values: list[float], data: st.DataObject
) -> None:
    values[0], values[-1] = 1.0, 2.0
    series = a_series(values)
    present = np.flatnonzero(np.isfinite(series.value)).tolist()
    peaks = data.draw(st.lists(st.sampled_from(present), unique=True, max_size=8))
    anomalies = [an_anomaly(series, peak, expected=0.5) for peak in sorted(peaks)]
    band = (float(np.nanmin(series.value)), float(np.nanmax(series.value)))
    analysis, table = an_assembled(series, a_detection(series, anomalies, band=band))
    body = msgspec.json.encode(analysis)
    assert b"NaN" not in body
    assert b"Infinity" not in body
    assert len(analysis.insights) <= 8
    assert {report.date for report in analysis.anomalies} <= set(analysis.series.time)
    assert len({report.id for report in analysis.anomalies}) == len(anomalies)
    assert len(table) == analysis.series.total_points
