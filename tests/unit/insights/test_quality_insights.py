"""Insights about the data: gaps, rejected rows, buckets that the data do not cover."""

from dataclasses import replace

import msgspec
import numpy as np

from domain.datasets.dataset import DataQuality
from domain.detection.result import QualityCode, QualityFinding
from domain.timeseries.aggregation import Aggregate, Granularity
from domain.timeseries.series import build, regularise
from domain.wording.insights.insight import InsightCode
from domain.wording.insights.ranking import rank
from tests.support.findings import a_detection, a_series, noise, the_facts, titles, told, too_few


def test_gaps_are_counted_on_the_calendar_and_the_longest_is_named() -> None:
    values = noise(8, 100) + 10
    values[20:27] = np.nan
    values[60] = np.nan
    insight = told(the_facts(a_series(values)))["gaps"]
    assert insight.title == "8 of 100 days have no data"
    assert insight.text.startswith("The longest gap is 7 days, between 20 Jan and 28 Jan.")
    assert insight.evidence.figures["missing"] == 8


def test_rejected_and_duplicate_rows_are_told_in_numbers() -> None:
    quality = DataQuality(total_rows=400, usable_rows=365, rejected_rows=30, duplicate_rows=5)
    found = told(the_facts(a_series(noise(9, 365) + 50), quality=quality))
    assert found["rejected_rows"].title == "30 rows rejected"
    assert "7.5% of the 400 rows" in found["rejected_rows"].text
    assert found["duplicates"].title == "5 rows are exact copies of another row"
    assert "complete" not in found


def test_rows_without_a_value_of_this_metric_are_told() -> None:
    facts = the_facts(a_series(noise(15, 90) + 50))
    facts = replace(facts, dataset=msgspec.structs.replace(facts.dataset, row_count=120))
    found = told(facts)
    assert found["empty_cells"].title == "Revenue is empty in 30 of 120 rows"
    assert "complete" not in found


def test_an_unfinished_last_bucket_is_shown_but_not_judged() -> None:
    hours = np.datetime64("2024-01-01", "us") + np.arange(24 * 30 + 3) * np.timedelta64(1, "h")
    answer = build(
        hours.astype(np.int64),
        np.full(len(hours), 2.0) + noise(10, len(hours)),
        Granularity.DAY,
        Aggregate.SUM,
        "UTC",
        7,
    )
    insight = told(the_facts(regularise(answer, Granularity.DAY, "UTC")))["incomplete_last_bucket"]
    assert insight.title == "The last day is incomplete"
    assert insight.text.startswith("31 Jan has 3 rows, the median is 24.")


def test_sums_of_ever_more_rows_are_called_hard_to_compare() -> None:
    days = np.repeat(np.arange(60), np.linspace(10, 40, 60).astype(int))
    times = (np.datetime64("2024-01-01", "D") + days).astype("datetime64[us]").astype(np.int64)
    answer = build(times, np.full(len(times), 3.0) + noise(11, len(times)), Granularity.DAY, Aggregate.SUM, "UTC", 7)
    facts = the_facts(regularise(answer, Granularity.DAY, "UTC"), aggregate=Aggregate.SUM)
    insight = told(facts)["not_comparable"]
    assert insight.title == "Later days are sums of more rows than earlier ones"
    assert "not_comparable" not in told(the_facts(regularise(answer, Granularity.DAY, "UTC"), aggregate=Aggregate.MEAN))


def test_too_few_points_and_a_constant_are_the_only_news() -> None:
    few = a_series([1.0, 2, 3])
    assert titles(rank(the_facts(few, a_detection(few, quality=[too_few()]))))[0] == "3 days are too few to analyse"
    same = a_series(np.full(30, 7.0))
    constant = QualityFinding(code=QualityCode.CONSTANT, count=30, value=7.0)
    assert titles(rank(the_facts(same, a_detection(same, quality=[constant]))))[0] == "Revenue is always 7"
    for facts in (
        the_facts(few, a_detection(few, quality=[too_few()])),
        the_facts(same, a_detection(same, quality=[constant])),
    ):
        assert InsightCode.NO_ANOMALIES not in told(facts)


def test_stretches_that_stand_still_are_one_insight_with_the_longest() -> None:
    values = 50 + noise(21, 200)
    values[20:29], values[90:110] = 51.5, 48.0
    series = a_series(values)
    runs = [
        QualityFinding(code=QualityCode.FLATLINE, count=9, value=51.5, start=20, end=28),
        QualityFinding(code=QualityCode.FLATLINE, count=20, value=48.0, start=90, end=109),
    ]
    written = [i for i in rank(the_facts(series, a_detection(series, quality=runs))) if i.code == InsightCode.FLATLINE]
    assert titles(tuple(written)) == ["Revenue stands still in 2 places"]
    assert written[0].text == "The longest: 20 days in a row have the value 48 from 31 Mar."


def test_days_without_data_that_are_all_weekends_are_no_gaps() -> None:
    values = 50 + noise(22, 100)
    days = np.datetime64("2024-01-01") + np.arange(100)
    values[(days.astype(np.int64) + 3) % 7 >= 5] = np.nan
    assert told(the_facts(a_series(values)))["gaps"].title == "No data on weekends"


def test_a_part_week_at_the_beginning_is_not_called_complete() -> None:
    facts = the_facts(a_series(50 + noise(23, 60)))
    series = replace(facts.series, first_bucket_complete=False)
    assert "complete" not in told(replace(facts, series=series))
