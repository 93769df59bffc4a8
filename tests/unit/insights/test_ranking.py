"""Which insights a series gets, in which words and order."""

from dataclasses import replace

import numpy as np

from domain.datasets.columns import Column, ColumnType
from domain.datasets.dataset import DataQuality
from domain.detection.result import Kind, LevelEpisode, LevelShift, Severity
from domain.detection.settings import Reported
from domain.timeseries.aggregation import Granularity
from domain.timeseries.series import summarise
from domain.wording.insights.facts import Facts, Previous
from domain.wording.insights.insight import InsightCode
from domain.wording.insights.ranking import MOST, rank
from tests.support.findings import a_detection, a_series, an_anomaly, noise, the_facts, titles, told


def calm(values: np.ndarray) -> Facts:
    """Facts of a series whose values lie in a band that is hardly as wide as they are."""
    series = a_series(values)
    return the_facts(series, a_detection(series))


def test_a_calm_series_is_called_calm_and_complete_and_nothing_else() -> None:
    assert titles(rank(calm(100 + noise(1, 365, 4)))) == [
        "Nothing unusual: all 365 days are within the expected range",
        "No missing days",
    ]


def test_noise_gets_no_claim_but_calm_in_199_of_200_series() -> None:
    plain = {InsightCode.NO_ANOMALIES, InsightCode.COMPLETE}
    others = sum({i.code for i in rank(calm(100 + noise(seed, 365, 9)))} != plain for seed in range(200))
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
    assert insight.title == "Revenue was $89,000 on 3 Jan, 3.6 times the expected $24,500"
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
    values[103] = 81
    series = a_series(values, Granularity.HOUR)
    event = an_anomaly(series, 103, expected=50, start=100, end=105, kind=Kind.BURST)
    insight = told(the_facts(series, a_detection(series, [event])))["largest_anomaly"]
    assert insight.title == "Revenue was above its usual range for 6 hours from 5 Jan, 04:00"
    assert insight.text.startswith(
        "On 5 Jan, 07:00 the highest value was 81, 1.6 times the expected 50. The usual range"
    )
    assert (insight.evidence.start, insight.evidence.end) == ("2024-01-05T04:00:00Z", "2024-01-05T09:00:00Z")


def test_a_stretch_of_zeros_is_called_so_and_of_others_the_points_are_counted() -> None:
    values = noise(4, 200) + 50
    values[100:105] = 0
    values[150:160] = 51.5
    series = a_series(values, Granularity.HOUR)
    outage = an_anomaly(series, 102, expected=50, start=100, end=104, kind=Kind.OUTAGE)
    still = an_anomaly(series, 155, expected=50, start=150, end=159, kind=Kind.BURST, severity=Severity.LOW)
    assert titles(rank(the_facts(series, a_detection(series, [outage, still]))))[:2] == [
        "Revenue was 0 for 5 hours from 5 Jan, 04:00",
        "Revenue was above the expected value in 10 of 10 hours from 7 Jan, 06:00",
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
        "Revenue was 40 on 23 May, 60% below the expected 100",
        "5 anomalies, one of high severity",
    ]
    count = next(insight for insight in found if insight.code == InsightCode.ANOMALY_COUNT)
    assert count.text == "4 above and 1 below the expected value. They cover 5 of 365 days (1.4%)."


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
    assert insight.title == "Temperature stepped up by 5.01\u00a0°C on 1 Mar"
    assert insight.text == (
        "The median of the 30 days before is 840.9\u00a0°C, of the 30 days from then on 845.9\u00a0°C. "
        "It has stayed near that level since."
    )
    assert insight.evidence.figures["at"] == "2024-03-01"


def test_a_step_and_its_step_back_are_one_episode() -> None:
    values = np.concatenate([np.full(60, 10.0), np.full(20, 15.0), np.full(60, 10.0)]) + noise(7, 140, 0.2)
    series = a_series(values)
    shifts = [LevelShift(at=60, before=10, after=15, change=5), LevelShift(at=80, before=15, after=10, change=-5)]
    found = [
        i for i in rank(the_facts(series, a_detection(series, shifts=shifts))) if i.code == InsightCode.LEVEL_SHIFT
    ]
    assert titles(tuple(found)) == ["Revenue ran higher by 4.94 (49%) from 1 to 20 Mar 2024"]


def test_an_episode_is_one_sentence_and_not_also_its_beginning_and_its_return() -> None:
    values = np.concatenate([np.full(60, 10.0), np.full(20, 15.0), np.full(60, 10.0)]) + noise(7, 140, 0.2)
    series, episode = a_series(values), LevelEpisode(start=60, end=79)
    shifts = [LevelShift(at=60, before=10, after=15, change=5), LevelShift(at=80, before=15, after=10, change=-5)]
    anomalies = [
        an_anomaly(series, 60, expected=10.0, kind=Kind.LEVEL_SHIFT, begins=episode),
        an_anomaly(series, 80, expected=15.0, kind=Kind.LEVEL_SHIFT, ends=episode, severity=Severity.LOW),
    ]
    found = rank(the_facts(series, a_detection(series, anomalies, shifts=shifts)))
    assert titles(found)[0] == "Revenue ran higher by 4.94 (49%) from 1 to 20 Mar 2024"
    assert not any(insight.code == InsightCode.LARGEST_ANOMALY for insight in found)
    assert f"The highest value in that time is {values[60:80].max():.1f}." in found[0].text


def test_points_outside_the_band_that_were_not_asked_for_are_not_called_calm() -> None:
    series = a_series(noise(12, 100) + 10)
    narrow = a_detection(series, band=(9.0, 11.0))
    assert told(the_facts(series, narrow))["no_anomalies"].title == "Nothing unusual"
    asked = told(the_facts(series, narrow, direction=Reported.UP))
    assert asked["no_anomalies"].title == "Nothing unusual at these settings"


def test_a_new_version_says_what_came_and_went() -> None:
    values = noise(13, 60) + 100
    values[[10, 40]] = 200
    series = a_series(values)
    detection = a_detection(series, [an_anomaly(series, 10, expected=100), an_anomaly(series, 40, expected=100)])
    kept = the_facts(series, detection).ids[0]
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
    detection = a_detection(series, band=(np.nanmin(series.value[:-1]), np.nanmax(series.value[:-1])))
    detection.lower[-1] = detection.upper[-1] = np.nan
    insight = told(the_facts(series, detection))["no_anomalies"]
    assert insight.title == "Nothing unusual: all 59 days are within the expected range"
    assert insight.evidence.figures["min"] > 40


def test_what_was_closed_is_no_news() -> None:
    values = np.full(60, 100.0) + np.arange(60) % 7
    places = (5, 12, 20, 33, 48)
    values[list(places)] = 300
    series = a_series(values)
    facts = the_facts(series, a_detection(series, [an_anomaly(series, at, expected=103) for at in places]))
    open_ones = told(replace(facts, closed=frozenset({1})))
    assert open_ones["anomaly_count"].title == "4 open anomalies, all of high severity"
    assert open_ones["anomaly_count"].text.endswith("One more is closed.")
    largest = [one.evidence.start for one in rank(replace(facts, closed=frozenset({0, 1, 2}))) if "largest" in one.code]
    assert sorted(str(one) for one in largest) == ["2024-02-03", "2024-02-18"]
    nothing = told(replace(facts, closed=frozenset(range(5))))
    assert nothing["no_anomalies"].title == "No open anomalies: all 5 detected are closed"
    assert not {"largest_anomaly", "anomaly_count", "concentration"} & set(nothing)


def test_a_band_wider_than_all_values_is_called_too_variable_to_tell() -> None:
    values = 50 + noise(18, 60, 3)
    series = a_series(values)
    insight = told(the_facts(series, a_detection(series, band=(10.0, 90.0))))["no_anomalies"]
    assert insight.title == "Revenue varies too much to tell unusual days from usual ones"
    assert insight.text.endswith("A longer history, a coarser interval or a higher sensitivity can help.")


def test_a_level_that_did_not_stay_is_not_said_to_have_stayed() -> None:
    values = np.concatenate([np.full(60, 10.0), np.full(40, 20.0), np.linspace(20, 10, 60)]) + noise(19, 160, 0.2)
    series = a_series(values)
    shift = LevelShift(at=60, before=10, after=20, change=10)
    insight = told(the_facts(series, a_detection(series, shifts=[shift])))["level_shift"]
    assert "stayed" not in insight.text


def test_a_change_of_level_that_raw_medians_do_not_show_is_left_out() -> None:
    series = a_series(50 + noise(20, 200))
    shift = LevelShift(at=100, before=50, after=80, change=30)
    assert "level_shift" not in told(the_facts(series, a_detection(series, shifts=[shift])))
