from dataclasses import replace

import msgspec
import numpy as np

from domain.analysis import Insight
from domain.anomaly.findings import Kind, LevelShift, QualityCode, QualityFinding, Reported, Severity
from domain.dataset import Column, ColumnType, DataQuality
from domain.insights.facts import InsightCode, Previous
from domain.insights.ranking import MOST, rank
from domain.series import build, regularise, summarise
from domain.summary import Aggregate, Granularity
from tests.support.findings import a_detection, a_series, an_anomaly, the_facts, told, too_few


def noise(seed: int, count: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, scale, count)


def titles(found: tuple[Insight, ...]) -> list[str]:
    return [insight.title for insight in found]


def test_a_calm_series_is_called_calm_and_complete_and_nothing_else() -> None:
    assert titles(rank(the_facts(a_series(100 + noise(1, 365, 4))))) == [
        "Nothing stands out: all 365 days lie in the expected range",
        "The data is complete: every day has a value",
    ]


def test_noise_gets_no_claim_but_calm_in_199_of_200_series() -> None:
    plain = {InsightCode.NO_ANOMALIES, InsightCode.COMPLETE}
    others = sum({i.code for i in rank(the_facts(a_series(100 + noise(seed, 365, 9))))} != plain for seed in range(200))
    assert others <= 1


def test_a_spike_is_told_with_its_unit_its_date_and_its_multiple() -> None:
    values = np.full(31, 24_000.0) + np.arange(31) % 5 * 300
    values[2] = 89_000
    series = a_series(values)
    found = told(
        the_facts(
            series,
            a_detection(series, [an_anomaly(series, 2, expected=24_500)]),
            metric=Column(name="revenue", type=ColumnType.NUMBER, unit="$"),
        )
    )
    insight = found["largest_anomaly"]
    assert insight.title == "Revenue hit $89,000 on 3 Jan, 3.6 times the expected $24,500"
    assert "$64,500 more than expected" in insight.text
    assert "No other of the 31 days was as high." in insight.text
    assert insight.evidence.figures["value"] == 89_000
    assert insight.evidence.start == insight.evidence.end == "2024-01-03"


def test_a_fall_of_an_interval_scale_is_told_by_its_distance() -> None:
    values = noise(2, 60) + 4
    values[30] = -12.5
    series = a_series(values)
    insight = told(the_facts(series, a_detection(series, [an_anomaly(series, 30, expected=4)])))["largest_anomaly"]
    assert "16.5 below the expected 4" in insight.title


def test_a_stretch_is_told_by_its_length_and_its_furthest_point() -> None:
    values = noise(3, 200) + 50
    values[100:106] = 80
    series = a_series(values, Granularity.HOUR)
    event = an_anomaly(series, 103, expected=50, start=100, end=105, kind=Kind.BURST)
    insight = told(the_facts(series, a_detection(series, [event])))["largest_anomaly"]
    assert insight.title == "Revenue ran high for 6 hours from 5 Jan, 04:00"
    assert insight.text.startswith("At its furthest, on 5 Jan, 07:00, it was 80, 1.6 times the expected 50;")
    assert (insight.evidence.start, insight.evidence.end) == ("2024-01-05T04:00:00Z", "2024-01-05T09:00:00Z")


def test_outages_and_standstills_are_called_so() -> None:
    values = noise(4, 200) + 50
    values[100:105] = 0
    values[150:160] = 51.5
    series = a_series(values, Granularity.HOUR)
    outage = an_anomaly(series, 102, expected=50, start=100, end=104, kind=Kind.OUTAGE)
    still = an_anomaly(series, 155, expected=50, start=150, end=159, kind=Kind.FLATLINE, severity=Severity.LOW)
    assert titles(rank(the_facts(series, a_detection(series, [outage, still]))))[:2] == [
        "Revenue dropped out for 5 hours from 5 Jan, 04:00",
        "Revenue stood still at 51.5 for 10 hours from 7 Jan, 06:00",
    ]


def test_many_anomalies_are_counted_and_the_two_largest_named() -> None:
    values = noise(5, 365, 2) + 100
    peaks = [20, 81, 143, 205, 266]
    values[peaks] = [150, 160, 40, 155, 152]
    series = a_series(values)
    anomalies = [
        an_anomaly(series, peak, expected=100, severity=Severity.MEDIUM if peak != 143 else Severity.HIGH)
        for peak in peaks
    ]
    found = rank(the_facts(series, a_detection(series, anomalies)))
    assert titles(found)[:2] == [
        "Revenue fell to 40 on 23 May, 60% below the expected 100",
        "5 anomalies stand out, one of them high",
    ]
    count = next(insight for insight in found if insight.code == InsightCode.ANOMALY_COUNT)
    assert count.text == "They are 4 rises and 1 fall and cover 5 of 365 days (1.4%)."


def test_a_step_is_told_with_its_size_and_that_it_lasted() -> None:
    values = np.concatenate([np.full(60, 840.9), np.full(60, 846.0)]) + noise(6, 120, 0.5)
    series = a_series(values)
    shift = LevelShift(at=60, before=840.9, after=846.0, change=5.1)
    found = the_facts(
        series,
        a_detection(series, shifts=[shift]),
        metric=Column(name="temperature", type=ColumnType.NUMBER, unit="°C"),
    )
    insight = told(found)["level_shift"]
    assert insight.title == "Temperature stepped up by 5.1\u00a0°C on 1 Mar"
    assert insight.text == "The level went from about 840.9\u00a0°C to about 846\u00a0°C and has stayed there since."
    assert insight.evidence.figures["at"] == "2024-03-01"


def test_a_step_and_its_step_back_are_one_episode() -> None:
    values = np.concatenate([np.full(60, 10.0), np.full(20, 15.0), np.full(60, 10.0)]) + noise(7, 140, 0.2)
    series = a_series(values)
    shifts = [LevelShift(at=60, before=10, after=15, change=5), LevelShift(at=80, before=15, after=10, change=-5)]
    found = [
        i for i in rank(the_facts(series, a_detection(series, shifts=shifts))) if i.code == InsightCode.LEVEL_SHIFT
    ]
    assert titles(tuple(found)) == ["Revenue ran higher by 5 (50%) from 1 to 20 Mar 2024"]


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
    assert found["rejected_rows"].title == "30 rows could not be used"
    assert "7.5% of the 400 rows" in found["rejected_rows"].text
    assert found["duplicates"].title == "5 duplicate rows counted once"
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
    assert insight.title == "The last day is not complete yet"
    assert insight.text.startswith("31 Jan holds 3 rows where 24 are usual")


def test_sums_of_ever_more_rows_are_called_hard_to_compare() -> None:
    days = np.repeat(np.arange(60), np.linspace(10, 40, 60).astype(int))
    times = (np.datetime64("2024-01-01", "D") + days).astype("datetime64[us]").astype(np.int64)
    answer = build(times, np.full(len(times), 3.0) + noise(11, len(times)), Granularity.DAY, Aggregate.SUM, "UTC", 7)
    facts = the_facts(regularise(answer, Granularity.DAY, "UTC"), aggregate=Aggregate.SUM)
    insight = told(facts)["not_comparable"]
    assert insight.title == "Later days rest on more rows than earlier ones"
    assert "not_comparable" not in told(the_facts(regularise(answer, Granularity.DAY, "UTC"), aggregate=Aggregate.MEAN))


def test_too_few_points_and_a_constant_are_the_only_news() -> None:
    few = a_series([1.0, 2, 3])
    assert titles(rank(the_facts(few, a_detection(few, quality=[too_few()]))))[0] == "3 days are too few to judge"
    same = a_series(np.full(30, 7.0))
    constant = QualityFinding(code=QualityCode.CONSTANT, text="All 30 values are the same.")
    assert titles(rank(the_facts(same, a_detection(same, quality=[constant]))))[0] == "Revenue never changed from 7"
    for facts in (
        the_facts(few, a_detection(few, quality=[too_few()])),
        the_facts(same, a_detection(same, quality=[constant])),
    ):
        assert InsightCode.NO_ANOMALIES not in told(facts)


def test_points_outside_the_band_that_were_not_asked_for_are_not_called_calm() -> None:
    series = a_series(noise(12, 100) + 10)
    narrow = a_detection(series, band=(9.0, 11.0))
    assert told(the_facts(series, narrow))["no_anomalies"].title == "Nothing stands out"
    asked = told(the_facts(series, narrow, direction=Reported.UP))
    assert asked["no_anomalies"].title == "Nothing stands out at these settings"


def test_a_new_version_says_what_came_and_went() -> None:
    values = noise(13, 60) + 100
    values[[10, 40]] = 200
    series = a_series(values)
    detection = a_detection(series, [an_anomaly(series, 10, expected=100), an_anomaly(series, 40, expected=100)])
    kept = the_facts(series, detection).reports[0].id
    before = Previous(version=2, summary=summarise(a_series(values[:36] * 0.9)), anomaly_ids=frozenset({kept, "gone"}))
    insight = told(the_facts(series, detection, previous=before))["changed_since_version"]
    assert insight.title == "Since version 2: 1 new anomaly, 1 no longer found and 24 days more"
    assert "1 anomaly of version 2 remains" in insight.text


def test_at_most_eight_sentences_are_told_the_weightiest_first_and_always_the_same() -> None:
    values = noise(14, 364, 3) + np.linspace(100, 160, 364)
    values[5::7] -= 40
    values[6::7] -= 40
    values[100:104] = np.nan
    peaks = [0, 35, 70, 140, 210, 301]
    values[peaks] = 400
    series = a_series(values)
    shifts = [LevelShift(at=200, before=130, after=140, change=10)]
    detection = a_detection(series, [an_anomaly(series, p, expected=120) for p in peaks], shifts=shifts)
    quality = DataQuality(total_rows=400, usable_rows=360, rejected_rows=30, duplicate_rows=5)
    facts = the_facts(series, detection, quality=quality)
    found = rank(facts)
    assert len(found) == MOST
    assert found[0].code == InsightCode.LARGEST_ANOMALY
    assert found == rank(facts)
    assert {insight.code for insight in found} <= set(InsightCode)


def test_an_anomaly_where_the_level_steps_is_left_to_the_step_if_there_are_others() -> None:
    values = np.concatenate([np.full(100, 10.0), np.full(100, 30.0)]) + noise(16, 200, 0.5)
    values[[20, 50, 150]] = [90, 2, 70]
    series = a_series(values)
    anomalies = [an_anomaly(series, at, expected=10, score=9.0 if at == 100 else 2.0) for at in (20, 50, 100, 150)]
    shifts = [LevelShift(at=100, before=10, after=30, change=20)]
    named = [i for i in rank(the_facts(series, a_detection(series, anomalies, shifts))) if "expected 10" in i.title]
    assert [insight.evidence.start for insight in named] == ["2024-01-21", "2024-02-20"]


def test_the_range_of_calm_days_leaves_out_one_that_was_not_judged() -> None:
    series = a_series(noise(17, 60) + 50)
    series.value[-1] = 3.0
    detection = a_detection(series, band=(40.0, 60.0))
    detection.lower[-1] = detection.upper[-1] = np.nan
    insight = told(the_facts(series, detection))["no_anomalies"]
    assert insight.title == "Nothing stands out: all 59 days lie in the expected range"
    assert insight.evidence.figures["min"] > 40


def test_what_was_closed_is_no_news() -> None:
    values = np.full(60, 100.0) + np.arange(60) % 7
    places = (5, 12, 20, 33, 48)
    values[list(places)] = 300
    series = a_series(values)
    facts = the_facts(series, a_detection(series, [an_anomaly(series, at, expected=103) for at in places]))
    open_ones = told(replace(facts, closed=frozenset({1})))
    assert open_ones["anomaly_count"].title == "4 anomalies stand out, all of them high"
    assert open_ones["anomaly_count"].text.endswith("One more is closed.")
    largest = [one.evidence.start for one in rank(replace(facts, closed=frozenset({0, 1, 2}))) if "largest" in one.code]
    assert sorted(str(one) for one in largest) == ["2024-02-03", "2024-02-18"]
    nothing = told(replace(facts, closed=frozenset(range(5))))
    assert nothing["no_anomalies"].title == "Nothing is open: 5 anomalies were found, and closed by a verdict"
    assert not {"largest_anomaly", "anomaly_count", "concentration"} & set(nothing)
