"""With which times a stretch is compared: whole weeks or months before it, by the wall clock, without anomalies."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.timeseries.aggregation import Granularity
from domain.timeseries.group_sums import Span
from domain.timeseries.reference_spans import MOST_SPANS, comparable_spans

BERLIN = "Europe/Berlin"
ALL = (-(10**18), 10**18)


def at(text: str, zone: str = BERLIN) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1e6)


def span(start: str, end: str) -> Span:
    return at(start), at(end)


def starts(spans: tuple[Span, ...]) -> list[str]:
    return [f"{datetime.fromtimestamp(start / 1e6, ZoneInfo(BERLIN)):%Y-%m-%d %H:%M}" for start, _ in spans]


def test_a_day_is_compared_with_the_same_weekday_of_six_weeks_before() -> None:
    spans = comparable_spans(span("2024-04-10", "2024-04-11"), Granularity.DAY, BERLIN, ALL, ())
    assert starts(spans) == [
        f"2024-{day} 00:00" for day in ("04-03", "03-27", "03-20", "03-13", "03-06", "02-28")
    ]  # the clock changed on 31 March


def test_weeks_with_other_anomalies_are_passed_over() -> None:
    other = (span("2024-04-03", "2024-04-04"), span("2024-03-19 12:00", "2024-03-20 12:00"))
    spans = comparable_spans(span("2024-04-10", "2024-04-11"), Granularity.DAY, BERLIN, ALL, other)
    assert len(spans) == MOST_SPANS
    assert starts(spans)[:2] == ["2024-03-27 00:00", "2024-03-13 00:00"]


def test_a_stretch_of_ten_days_steps_by_two_weeks() -> None:
    spans = comparable_spans(span("2024-04-10", "2024-04-20"), Granularity.DAY, BERLIN, ALL, ())
    assert starts(spans)[:2] == ["2024-03-27 00:00", "2024-03-13 00:00"]


def test_a_month_is_compared_with_months_before() -> None:
    spans = comparable_spans(span("2024-03-01", "2024-04-01"), Granularity.MONTH, BERLIN, ALL, ())
    assert starts(spans)[:3] == ["2024-02-01 00:00", "2024-01-01 00:00", "2023-12-01 00:00"]
    assert spans[0] == span("2024-02-01", "2024-03-01")


def test_at_the_beginning_later_times_help_out_and_without_any_there_are_none() -> None:
    covered = span("2024-01-01", "2024-02-05")
    assert starts(comparable_spans(span("2024-01-02", "2024-01-03"), Granularity.DAY, BERLIN, covered, ())) == [
        "2024-01-09 00:00",
        "2024-01-16 00:00",
    ]
    assert comparable_spans(covered, Granularity.DAY, BERLIN, covered, ()) == ()
