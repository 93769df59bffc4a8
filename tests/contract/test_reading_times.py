"""Times as they were meant, asked for, or rejects."""

from typing import Any

import pytest

from domain.errors import (
    AmbiguousDateError,
    InvalidInputError,
)
from tests.support.tables import PLAIN


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2024-01-31", "2024-02-01"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["2024/1/31", "2024/2/1"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["2024-01-31T10:05:06Z", "2024-01-31T11:05:06Z"], ["2024-01-31 10:05:06", "2024-01-31 11:05:06"]),
        (["2024-01-31T10:05:06+02:00", "2024-01-31 11:05:06-0530"], ["2024-01-31 08:05:06", "2024-01-31 16:35:06"]),
        (
            ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:07.5"],
            ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:07.500000"],
        ),
        (["2024-01-31 10:05", "2024-01-31 10:06"], ["2024-01-31 10:05:00", "2024-01-31 10:06:00"]),
        (["31/01/2024", "01/02/2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["01/31/2024", "02/01/2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["31.01.2024 10:05", "01.02.2024 11:05"], ["2024-01-31 10:05:00", "2024-02-01 11:05:00"]),
        (["01/31/24 1:05 PM", "02/01/24 12:05 AM"], ["2024-01-31 13:05:00", "2024-02-01 00:05:00"]),
        (["31 Jan 2024", "1 February 2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["Jan 31, 2024", "Feb 1, 2024"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["31-Jan-24", "01-Feb-24"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (
            ["Wed, 31 Jan 2024 10:05:06 GMT", "Thu, 01 Feb 2024 10:05:06 GMT"],
            ["2024-01-31 10:05:06", "2024-02-01 10:05:06"],
        ),
        (["20240131", "20240201"], ["2024-01-31 00:00:00", "2024-02-01 00:00:00"]),
        (["20240131T100506Z", "20240201T100506Z"], ["2024-01-31 10:05:06", "2024-02-01 10:05:06"]),
        (["2024-01", "2024-02"], ["2024-01-01 00:00:00", "2024-02-01 00:00:00"]),
        (["Jan 2024", "Feb 2024"], ["2024-01-01 00:00:00", "2024-02-01 00:00:00"]),
        (["2024-Q1", "2024 Q2"], ["2024-01-01 00:00:00", "2024-04-01 00:00:00"]),
        (["1706695506", "1706695507"], ["2024-01-31 10:05:06", "2024-01-31 10:05:07"]),
        (["1706695506.25", "1706695507.5"], ["2024-01-31 10:05:06.250000", "2024-01-31 10:05:07.500000"]),
        (["1706695506123", "1706695506124"], ["2024-01-31 10:05:06.123000", "2024-01-31 10:05:06.124000"]),
        (["1706695506123456", "1706695506123457"], ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:06.123457"]),
        (["1706695506123456000", "1706695506123457000"], ["2024-01-31 10:05:06.123456", "2024-01-31 10:05:06.123457"]),
        (["2023", "2024"], ["2023-01-01 00:00:00", "2024-01-01 00:00:00"]),
        (["1899-12-31", "1969-07-20"], ["1899-12-31 00:00:00", "1969-07-20 00:00:00"]),
    ],
)
def test_time_is_read_as_it_was_meant(read: Any, cells: list[str], expected: list[str]) -> None:
    outcome = read("time;x\n" + "".join(f"{cell};{i}\n" for i, cell in enumerate(cells)))
    assert outcome.dates == expected
    assert outcome.rejects == []


def test_undecidable_order_of_day_and_month_is_asked_for(read: Any) -> None:
    with pytest.raises(AmbiguousDateError, match=r"no date has a day above 12 \(“01/02/2024”\)") as caught:
        read("date,x\n01/02/2024,1\n03/04/2024,2\n")
    assert caught.value.details["field"] == "dayFirst"


@pytest.mark.parametrize(("day_first", "month"), [(True, 2), (False, 1)])
def test_answer_of_the_user_decides_the_order(read: Any, *, day_first: bool, month: int) -> None:
    outcome = read("date,x\n01/02/2024,1\n03/04/2024,2\n", day_first=day_first)
    assert outcome.times[0].month == month


def test_one_late_date_above_12_proves_the_order_of_the_whole_column(read: Any) -> None:
    rows = "".join(f"{1 + i % 12:02d}/{1 + (i // 12) % 12:02d}/{2000 + i // 144},{i}\n" for i in range(100_000 // 10))
    outcome = read(f"date,x\n{rows}31/12/2090,1\n")
    assert outcome.dates[-1] == "2090-12-31 00:00:00"
    assert outcome.rejects == []


def test_dates_of_both_orders_are_refused(read: Any) -> None:
    with pytest.raises(AmbiguousDateError, match="both orders"):
        read("date,x\n31/01/2024,1\n01/31/2024,2\n02/02/2024,3\n")


@pytest.mark.parametrize("junk", ["2024-02-30", "yesterday", "2024-13-01", "2024-01-01 25:00:00", "epoch", "Total", ""])
def test_unreadable_time_rejects_its_row(read: Any, junk: str) -> None:
    rows = "".join(f"2024-01-{day:02d},{day}\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}{junk},99\n")
    assert len(outcome.rows) == 20
    (reject,) = outcome.rejects
    assert (reject["line"], reject["column"], reject["value"]) == ("22", "day", junk)


def test_offset_in_a_column_of_bare_times_is_not_dropped(read: Any) -> None:
    rows = "".join(f"2024-01-{day:02d} 00:00:00,{day}\n" for day in range(1, 21))
    outcome = read(f"day,x\n{rows}2024-02-01 10:15+05,99\n2024-02-01T10:15:00+02:00,98\n")
    assert outcome.dates[-2:] == ["2024-02-01 05:15:00", "2024-02-01 08:15:00"]


def test_naive_times_are_in_the_zone_of_the_user(read: Any) -> None:
    outcome = read("time,x\n2024-01-01 00:00:00,1\n2024-07-01 00:00:00,2\n", time_zone="America/New_York")
    assert outcome.dates == ["2024-01-01 05:00:00", "2024-07-01 04:00:00"]


def test_hours_that_the_clock_skips_or_shows_twice_are_told(read: Any) -> None:
    outcome = read(
        "time,x\n2024-03-31 01:30:00,1\n2024-03-31 02:30:00,2\n2024-03-31 03:45:00,3\n2024-10-27 02:30:00,4\n",
        time_zone="Europe/Berlin",
    )
    assert outcome.dates == ["2024-03-31 00:30:00", "2024-03-31 01:30:00", "2024-03-31 01:45:00", "2024-10-27 00:30:00"]
    assert any("1 times lie in an hour that the clock of Europe/Berlin skips" in note for note in outcome.quality.notes)
    assert any("shows twice" in note for note in outcome.quality.notes)


def test_unknown_time_zone_is_refused(read: Any) -> None:
    with pytest.raises(InvalidInputError, match="no time zone"):
        read(PLAIN, time_zone="Mars/Olympus")


def test_unsorted_and_repeated_times_are_counted(read: Any) -> None:
    outcome = read("day,x\n2024-01-03,3\n2024-01-01,1\n2024-01-02,2\n2024-01-02,2\n2024-01-02,5\n")
    assert [row[0] for row in outcome.rows][:1] == [1.0]
    assert outcome.dates == sorted(outcome.dates)
    quality = outcome.quality
    assert (quality.out_of_order_rows, quality.duplicate_times, quality.duplicate_rows) == (1, 2, 1)
