"""Which columns may say why, what is asked of them, and how several texts become one."""

import numpy as np
import pytest

from domain.analysis.suggested_reasons import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    joined,
    reason_columns,
    stretches_of,
    suggest,
)
from domain.datasets.columns import Column, ColumnType
from domain.timeseries.aggregation import Granularity
from tests.support.findings import a_detection, a_series, an_anomaly, an_assembled

DAY = 86_400_000_000


@pytest.mark.parametrize("name", ["event", "Reason", "Note", "order_comments", "HolidayName", "promotion-2", "Events"])
def test_text_columns_named_like_reasons_may_say_why(name: str) -> None:
    assert reason_columns([Column(name=name, type=ColumnType.TEXT)]) == (name,)
    assert reason_columns([Column(name=name, type=ColumnType.BOOLEAN)]) == ()


@pytest.mark.parametrize("name", ["region", "weather", "denoted", "eventually", "keynote", "city", "note1book"])
def test_other_columns_say_nothing(name: str) -> None:
    expected = (name,) if name == "note1book" else ()
    assert reason_columns([Column(name=name, type=ColumnType.TEXT)]) == expected


def test_of_many_such_columns_the_first_few_are_asked() -> None:
    columns = [Column(name=f"note {n}", type=ColumnType.TEXT) for n in range(9)]
    assert reason_columns(columns) == tuple(f"note {n}" for n in range(MOST_COLUMNS))


def test_an_anomaly_reaches_from_its_first_bucket_to_the_end_of_its_last() -> None:
    series = a_series(np.arange(20.0), start="2024-03-25", time_zone="Europe/Berlin")
    anomalies = [an_anomaly(series, 3, expected=1, end=6)]
    ((start, end),) = stretches_of(series, anomalies)
    assert (end - start) / DAY == pytest.approx(4 - 1 / 24)  # 31 March has 23 hours in Berlin
    weekly = a_series(np.arange(9.0), Granularity.WEEK)
    ((start, end),) = stretches_of(weekly, [an_anomaly(weekly, 2, expected=1)])
    assert (end - start) / DAY == 7
    assert stretches_of(series, []) == ()


def test_several_texts_become_one_line_of_bounded_length() -> None:
    assert joined(["flash sale", "  flash   sale ", "Diwali\n2024"]) == "flash sale; Diwali 2024"
    long = joined(["x" * 280, "y" * 280])
    assert len(long) == MOST_CHARACTERS
    assert long.endswith("…")


def test_the_first_column_that_says_something_is_the_suggestion_and_no_reason() -> None:
    series = a_series(np.arange(20.0))
    found = [an_anomaly(series, at, expected=99.0) for at in (3, 7, 9)]
    analysis, _ = an_assembled(series, a_detection(series, found))
    told = suggest(analysis, {"event": [(), ("sale",), ()], "note": [("rain",), ("wind",), ()]})
    hints = [one.suggested_reason for one in told.anomalies]
    assert [(hint.column, hint.text) if hint else None for hint in hints] == [("note", "rain"), ("event", "sale"), None]
    assert [one.reason for one in told.anomalies] == [None, None, None]
    assert suggest(analysis, {"event": [(), (), ()]}) is analysis
