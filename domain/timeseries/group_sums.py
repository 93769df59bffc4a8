"""The question where something happened, asked close to the data: sums per combination of values and span of time.

DuckDB (embedded) and MongoDB (cloud) both answer it; their contract tests compare them with ``sum_groups``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from domain.struct import Struct
from domain.timeseries.aggregation import Floats, Ints
from domain.timeseries.segment import EVERY_ROW, Segment, rows_of

Span = tuple[int, int]  # instants in microseconds since the epoch, the end excluded


class GroupQuestion(Struct, frozen=True):
    """What came of each combination of values, in each of some spans of time?

    Attributes:
        dataset_id: which dataset.
        version: which version of it.
        metrics: columns to sum, at least one; only rows in which all of them are finite count.
        columns: dimensions; every combination of their values that has rows is a group.
        spans: of time, none of them overlapping another.
        most_groups: of the answer; where there are more, it is cut and says so.
        segment: which rows count.
    """

    dataset_id: str
    version: int
    metrics: tuple[str, ...]
    columns: tuple[str, ...]
    spans: tuple[Span, ...]
    most_groups: int
    segment: Segment = EVERY_ROW


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupSums:
    """One entry for each span and combination that has rows, in any order.

    Attributes:
        values: per column the value of each group, shape (groups,); "" for empty cells.
        span: place of the span in the question, shape (groups,).
        rows: how many rows count, shape (groups,).
        sums: of each metric, shape (metrics, groups).
        is_cut: there are more groups than were asked for: the sums are not complete.
    """

    values: Mapping[str, Sequence[str]]
    span: Ints
    rows: Ints
    sums: Floats
    is_cut: bool = False


def sum_groups(
    question: GroupQuestion, times: Ints, metrics: Sequence[Floats], stored: Mapping[str, Sequence[str]]
) -> GroupSums:
    """Answer the question from whole columns in memory: the oracle of the stores.

    Args:
        question: what is asked.
        times: instants in microseconds, shape (rows,).
        metrics: the columns of the question's metrics, NaN where there is no number.
        stored: the values of all dimensions, "" where a cell is empty.
    """
    numbers = np.array(metrics, np.float64).reshape(len(question.metrics), len(times))
    columns = [stored[name] for name in question.columns]
    usable = np.isfinite(numbers).all(axis=0) & rows_of(question.segment, stored, len(times))
    members: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for place, (start, end) in enumerate(question.spans):
        for row in np.flatnonzero(usable & (times >= start) & (times < end)).tolist():
            members.setdefault((place, tuple(column[row] for column in columns)), []).append(row)
    chosen = list(members.items())[: question.most_groups]
    return GroupSums(
        values={name: [values[i] for (_, values), _ in chosen] for i, name in enumerate(question.columns)},
        span=np.array([place for (place, _), _ in chosen], np.int64),
        rows=np.array([len(rows) for _, rows in chosen], np.int64),
        sums=np.array([[own[rows].sum() for _, rows in chosen] for own in numbers], np.float64),
        is_cut=len(members) > question.most_groups,
    )
