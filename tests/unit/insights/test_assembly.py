import gzip
import json
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from domain.analysis.analysis import Analysis
from domain.analysis.build import anomaly_id, assemble, quality_notes
from domain.analysis.point_table import tabulate
from domain.datasets.dataset import DataQuality
from domain.detection.detect import detect
from domain.detection.result import LevelShift, Method, MethodVote, QualityCode, QualityFinding, Severity
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.series import build, regularise
from domain.wording.formatting import Figures
from domain.wording.time_names import TimeNames
from tests.support.fakes import NOON
from tests.support.findings import (
    REVENUE,
    EveryNth,
    a_detection,
    a_processed_dataset,
    a_series,
    an_anomaly,
    an_assembled,
    some_settings,
)

SALES = {1: 24_000, 2: 25_500, 3: 89_000, 4: 23_800, 5: 24_500, 15: 62_000, 27: 8_000}


def the_sales() -> Analysis:
    times = np.array([f"2024-01-{day:02d}" for day in SALES], "datetime64[us]").astype(np.int64)
    answer = build(times, np.array(list(SALES.values()), float), Granularity.DAY, Aggregate.SUM, "UTC", 7)
    series = regularise(answer, Granularity.DAY, "UTC")
    found = detect(series.time, series.value, last_bucket_complete=series.last_bucket_complete)
    settings = some_settings(series, Aggregate.SUM)
    return assemble(a_processed_dataset(), REVENUE, settings, series, found, EveryNth(), NOON)[0]


def test_the_specifications_seven_rows_come_out_as_it_says() -> None:
    analysis = the_sales()
    assert [(a.date, a.value, a.severity) for a in analysis.anomalies] == [
        ("2024-01-03", 89_000, Severity.HIGH),
        ("2024-01-15", 62_000, Severity.MEDIUM),
        ("2024-01-27", 8_000, Severity.HIGH),
    ]
    assert analysis.summary.mean == pytest.approx(36_685.714_285_7)
    assert analysis.summary.median == 24_500
    assert (analysis.severities.high, analysis.severities.medium, analysis.severities.low) == (2, 1, 0)
    assert sum(analysis.histogram.anomalies) == 3
    assert analysis.box.by == "all"


def test_the_specifications_seven_rows_read_well() -> None:
    titles = [insight.title for insight in the_sales().insights]
    assert titles == [
        "Revenue was 89,000 on 3 Jan, 3.6 times the expected 24,500",
        "Revenue was 8,000 on 27 Jan, 67% below the expected 24,500",
        "20 of 27 days have no data",
        "Revenue was 62,000 on 15 Jan, 2.5 times the expected 24,500",
    ]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert msgspec.json.encode(the_sales()) == msgspec.json.encode(the_sales())


def test_an_anomaly_keeps_its_id_when_others_come_and_go() -> None:
    values = np.append(np.full(30, 20.0) + np.arange(30) % 3, 90.0)
    series = a_series(values)
    alone = an_assembled(series, a_detection(series, [an_anomaly(series, 30, expected=21)]))[0]
    both = an_assembled(
        series, a_detection(series, [an_anomaly(series, 7, expected=9), an_anomaly(series, 30, expected=8)])
    )[0]
    assert alone.anomalies[0].id == both.anomalies[1].id == anomaly_id("revenue", "2024-01-31")
    assert anomaly_id("orders", "2024-01-31") != anomaly_id("revenue", "2024-01-31")


def test_numbers_that_do_not_exist_are_null() -> None:
    values = np.array([1.0, 2, np.nan, 4, 5, 6, 7, 8])
    series = a_series(values)
    detection = a_detection(series)
    detection.expected[2] = detection.lower[2] = detection.upper[2] = np.nan
    analysis, _ = an_assembled(series, detection)
    body = msgspec.json.encode(analysis)
    assert b"NaN" not in body
    shown = json.loads(body)["series"]
    assert [shown[name][2] for name in ("value", "rolling", "expected", "lower", "upper")] == [None] * 5


def test_an_event_of_hours_says_when_it_began_and_ended_and_how_long_it_was() -> None:
    values = np.full(100, 10.0) + np.arange(100) % 4
    values[40:46] = 50
    series = a_series(values, Granularity.HOUR, time_zone="Europe/Berlin")
    event = an_anomaly(series, 40, end=45, expected=11)
    (reported,) = an_assembled(series, a_detection(series, [event]))[0].anomalies
    assert (reported.start, reported.end) == ("2024-01-02T17:00:00+01:00", "2024-01-02T22:00:00+01:00")
    assert (reported.points, reported.duration_seconds) == (6, 6 * 3_600)


def test_an_event_of_months_is_as_long_as_its_months_are() -> None:
    months = (np.datetime64("2023-01") + np.arange(24)).astype("datetime64[us]").astype(np.int64)
    values = np.array([100.0 + k % 3 for k in range(24)])
    values[13], values[20] = 900.0, 5.0
    answer = build(months, values, Granularity.MONTH, Aggregate.SUM, "UTC", 7)
    series = regularise(answer, Granularity.MONTH, "UTC")
    events = [an_anomaly(series, 13, end=13, expected=100), an_anomaly(series, 20, end=20, expected=100)]
    february, september = an_assembled(series, a_detection(series, events))[0].anomalies
    assert [a.duration_seconds / 86_400 for a in (february, september)] == [29, 30]


def test_missing_points_inside_an_event_are_not_counted_as_its_points() -> None:
    values = np.full(60, 10.0) + np.arange(60) % 4
    values[40:44] = [50, np.nan, 50, 50]
    series = a_series(values)
    (reported,) = an_assembled(series, a_detection(series, [an_anomaly(series, 40, end=43, expected=11)]))[0].anomalies
    assert reported.points == 3


def test_level_shifts_and_weaknesses_are_given_times() -> None:
    series = a_series(np.concatenate([np.full(20, 10.0), np.full(20, 15.0)]) + np.arange(40) % 3)
    detection = a_detection(
        series,
        shifts=[LevelShift(at=20, before=11, after=16, change=5)],
        quality=[QualityFinding(code=QualityCode.FLATLINE, count=7, value=10.0, start=3, end=9)],
    )
    analysis, _ = an_assembled(series, detection)
    assert analysis.profile.level_shifts[0].date == "2024-01-21"
    assert [(note.code, note.start, note.end) for note in analysis.quality] == [
        ("flatline", "2024-01-04", "2024-01-10")
    ]


def test_what_reading_the_file_found_stands_among_the_weaknesses() -> None:
    series = a_series(np.arange(10.0))
    detection = a_detection(series)
    quality = DataQuality(
        total_rows=20, usable_rows=12, rejected_rows=5, duplicate_rows=3, notes=("Comma is decimal.",)
    )
    notes = quality_notes(quality, tabulate(series, detection), detection, Figures(), TimeNames(series, 86_400.0))
    assert [(note.code, note.count) for note in notes] == [("rejected_rows", 5), ("duplicate_rows", 3), ("reading", 1)]
    assert "5 rows" in notes[0].text
    assert quality_notes(None, tabulate(series, detection), detection, Figures(), TimeNames(series, 86_400.0)) == ()


def votes(rng: np.random.Generator) -> tuple[MethodVote, ...]:
    """What every method says, with all the digits a real score has."""
    return tuple(MethodVote(name=name, score=float(rng.gamma(4)), flagged=bool(rng.random() < 0.6)) for name in Method)


def test_a_body_of_20_000_points_and_300_anomalies_stays_under_60_kb_with_all_of_them() -> None:
    rng = np.random.default_rng(5)
    values = 842.3 + 6 * np.sin(np.arange(20_000) / 3.8) + rng.normal(0, 2, 20_000)
    peaks = sorted(rng.choice(20_000, 300, replace=False).tolist())
    values[peaks] += rng.normal(0, 40, 300)
    series = a_series(values, Granularity.HOUR)
    anomalies = []
    for peak in peaks:
        expected = 842.3 + rng.normal(0, 1)
        band = {"lower": expected - 8.123_456, "upper": expected + 8.654_321}
        details = {"methods": votes(rng), "robust_deviations": rng.gamma(9), "ratio_scale": False}
        anomalies.append(an_anomaly(series, peak, expected=expected, **band, **details))
    detection = a_detection(series, anomalies)
    detection.expected[:] = 842.3 + 6 * np.sin(np.arange(20_000) / 3.8)
    detection.lower[:], detection.upper[:] = detection.expected - 8.123_456, detection.expected + 8.654_321
    analysis, _ = an_assembled(series, detection)
    assert len(analysis.anomalies) == 300
    assert {report.date for report in analysis.anomalies} <= set(analysis.series.time)
    assert len(gzip.compress(msgspec.json.encode(analysis), 6)) <= 60_000


def test_buckets_that_the_data_do_not_cover_are_named_in_the_series() -> None:
    series = a_series(np.arange(20.0) + 100)
    whole = an_assembled(series, a_detection(series))[0].series
    assert (whole.first_incomplete, whole.last_incomplete) == (False, False)
    cut = replace(series, first_bucket_complete=False, last_bucket_complete=False)
    ends = an_assembled(cut, a_detection(cut))[0].series
    assert (ends.first_incomplete, ends.last_incomplete) == (True, True)
