"""The oracle of the stores: sums per span and combination of values, counted by hand."""

import numpy as np

from domain.timeseries.group_sums import GroupQuestion, sum_groups
from domain.timeseries.segment import ColumnValues, rows_of

TIMES = np.array([0, 1, 2, 10, 11, 12], np.int64)
AMOUNT = np.array([1.0, 2.0, np.nan, 8.0, 16.0, 32.0])
STORED = {
    "region": ["North", "South", "North", "North", "", "South"],
    "plan": ["pro", "pro", "free", "pro", "pro", "free"],
}


def question(**changes: object) -> GroupQuestion:
    given = {"metrics": ("amount",), "columns": ("region",), "spans": ((0, 3), (10, 13)), "most_groups": 10}
    return GroupQuestion(dataset_id="d", version=1, **(given | changes))


def test_rows_are_added_up_by_span_and_value_and_those_without_a_number_are_left_out() -> None:
    sums = sum_groups(question(), TIMES, [AMOUNT], STORED)
    found = {
        (int(span), value): (int(rows), float(total))
        for span, value, rows, total in zip(sums.span, sums.values["region"], sums.rows, sums.sums[0], strict=True)
    }
    assert found == {
        (0, "North"): (1, 1.0),
        (0, "South"): (1, 2.0),
        (1, "North"): (1, 8.0),
        (1, ""): (1, 16.0),
        (1, "South"): (1, 32.0),
    }
    assert not sums.is_cut


def test_a_segment_counts_the_rows_that_have_one_value_of_each_of_its_columns() -> None:
    segment = (ColumnValues("region", ("North", "")), ColumnValues("plan", ("pro",)))
    assert rows_of(segment, STORED, 6).tolist() == [True, False, False, True, True, False]
    sums = sum_groups(question(columns=(), segment=segment), TIMES, [AMOUNT], STORED)
    assert sums.sums.tolist() == [[1.0, 24.0]]
    assert sums.rows.tolist() == [1, 2]


def test_more_groups_than_asked_for_are_cut_and_it_is_said() -> None:
    sums = sum_groups(question(most_groups=2), TIMES, [AMOUNT], STORED)
    assert (len(sums.rows), sums.is_cut) == (2, True)
