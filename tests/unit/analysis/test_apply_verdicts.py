"""What a verdict does to an analysis."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.analysis.analysis import Analysis
from domain.analysis.apply_verdicts import apply_verdicts, open_count
from domain.errors import InvalidInputError
from domain.feedback.verdict import (
    MAX_REASON_CHARACTERS,
    Verdict,
    VerdictKind,
    checked_reason,
    instant_of,
)
from domain.timeseries.aggregation import Granularity
from tests.support.builders import an_analysis, an_annotation


def analysis_with(
    *dates: str, time_zone: str = "UTC", granularity: Granularity = Granularity.DAY, until: str | None = None
) -> Analysis:
    analysis = an_analysis()
    anomalies = tuple(
        msgspec.structs.replace(
            analysis.anomalies[0],
            id=date,
            date=date,
            start=date,
            end=until or date,
            verdict=None,
            verdict_date=None,
            reason=None,
        )
        for date in dates
    )
    settings = msgspec.structs.replace(analysis.settings, time_zone=time_zone, granularity=granularity)
    return msgspec.structs.replace(analysis, anomalies=anomalies, settings=settings)


def said(date: str, verdict: VerdictKind, reason: str | None = None, time_zone: str = "UTC") -> Verdict:
    return an_annotation(date=date, at=instant_of(date, time_zone), verdict=verdict, reason=reason)


def test_verdict_and_reason_appear_on_their_anomaly_alone() -> None:
    found = apply_verdicts(
        analysis_with("2024-01-03", "2024-01-15"), [said("2024-01-15", VerdictKind.EXPECTED, "marketing campaign")]
    )
    assert [(one.verdict, one.reason) for one in found.anomalies] == [(None, None), ("expected", "marketing campaign")]


def test_expected_and_false_alarm_stop_counting_as_open() -> None:
    found = apply_verdicts(
        analysis_with("2024-01-03", "2024-01-15", "2024-01-27", "2024-01-28"),
        [
            said("2024-01-03", VerdictKind.EXPECTED),
            said("2024-01-15", VerdictKind.FALSE_ALARM),
            said("2024-01-27", VerdictKind.CONFIRMED),
        ],
    )
    assert found.verdicts is not None
    assert (found.verdicts.open, found.verdicts.judged, found.verdicts.confirmed) == (2, 3, 1)
    assert found.verdicts.confirmed_share == pytest.approx(1 / 3)


def test_without_any_verdict_there_is_no_share() -> None:
    found = apply_verdicts(analysis_with("2024-01-03"), [])
    assert found.verdicts is not None
    assert (found.verdicts.open, found.verdicts.confirmed_share) == (1, None)


def test_a_missed_anomaly_is_listed_apart() -> None:
    found = apply_verdicts(analysis_with("2024-01-03"), [said("2024-01-09", VerdictKind.MISSED, "till was broken")])
    assert found.verdicts is not None
    assert [(one.date, one.reason) for one in found.verdicts.missed] == [("2024-01-09", "till was broken")]
    assert found.anomalies[0].verdict is None


def test_what_is_open_is_counted_by_severity() -> None:
    found = apply_verdicts(analysis_with("2024-01-03", "2024-01-15"), [said("2024-01-03", VerdictKind.FALSE_ALARM)])
    assert found.verdicts is not None
    still_open = found.verdicts.open_severities
    assert still_open.high + still_open.medium + still_open.low == found.verdicts.open == open_count(found) == 1


def test_a_verdict_without_its_anomaly_is_listed_so_that_it_can_be_taken_back() -> None:
    found = apply_verdicts(
        analysis_with("2024-01-03"),
        [said("2024-01-03", VerdictKind.EXPECTED), said("2024-01-09", VerdictKind.FALSE_ALARM, "sensor moved")],
    )
    assert found.verdicts is not None
    (apart,) = found.verdicts.unmatched
    assert (apart.date, apart.verdict, apart.reason) == ("2024-01-09", "false_alarm", "sensor moved")
    assert found.verdicts.judged == 1


def test_a_verdict_meets_its_anomaly_in_another_time_zone() -> None:
    found = apply_verdicts(
        analysis_with("2024-01-03", time_zone="Asia/Kolkata"),
        [said("2024-01-03", VerdictKind.CONFIRMED, time_zone="Asia/Kolkata")],
    )
    assert found.anomalies[0].verdict == "confirmed"


@pytest.mark.parametrize(
    ("date", "zone", "instant"),
    [
        ("2024-01-03", "UTC", datetime(2024, 1, 3, tzinfo=UTC)),
        ("2024-01-03", "Asia/Kolkata", datetime(2024, 1, 2, 18, 30, tzinfo=UTC)),
        ("2024-07-03T05:00:00+02:00", "Europe/Berlin", datetime(2024, 7, 3, 3, tzinfo=UTC)),
        ("2024-07-03T05:00:00", "Europe/Berlin", datetime(2024, 7, 3, 3, tzinfo=UTC)),
    ],
)
def test_a_date_stands_for_one_instant(date: str, zone: str, instant: datetime) -> None:
    assert instant_of(date, zone) == instant


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="2024-01-03"):
        instant_of("third of January", "UTC")


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_a_date_at_an_end_of_the_calendar_is_refused_in_words(date: str) -> None:
    with pytest.raises(InvalidInputError, match="outside the years 2 to 9997"):
        instant_of(date, "Asia/Kolkata")


def test_what_no_page_can_show_is_left_out_of_a_reason() -> None:
    assert checked_reason("till\x00 \x1b[31mdown\x85\nat noon") == "till [31mdown\nat noon"
    right_to_left = "مبيعات خاصة 👩‍🔧"
    assert checked_reason(right_to_left) == right_to_left


def test_a_reason_is_trimmed_and_bounded() -> None:
    assert checked_reason("  flash sale ") == "flash sale"
    assert checked_reason("   ") is None
    with pytest.raises(InvalidInputError, match="500"):
        checked_reason("x" * (MAX_REASON_CHARACTERS + 1))
