"""The question where something happened, as one aggregation over the bucket documents of its spans."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from bson import Int64

from adapters.mongo.codes import Allowed, arrays, code, digit_in
from adapters.mongo.database import Document
from adapters.mongo.pipelines import LARGEST, Stage
from domain.timeseries.aggregation import Granularity
from domain.timeseries.buckets import HOUR_US
from domain.timeseries.group_sums import GroupQuestion, GroupSums, Span
from domain.timeseries.timezones import DAY_US

# How long after its start a bucket document may hold rows: its unit, with an hour that the clock shows twice.
REACH_US: Final[Mapping[Granularity, int]] = {
    Granularity.HOUR: 2 * HOUR_US,
    Granularity.DAY: DAY_US + 2 * HOUR_US,
    Granularity.MONTH: 31 * DAY_US + 2 * HOUR_US,
    Granularity.YEAR: 366 * DAY_US + 2 * HOUR_US,
}


def group_stages(question: GroupQuestion, table: Document, allowed: Sequence[Allowed]) -> list[Stage]:
    """The pipeline: the documents near the spans, their arrays as rows again, and the sums of each group.

    Args:
        question: what is asked; its metrics and columns are those of the table.
        table: of the version.
        allowed: codes that a row must have.
    """
    reach = REACH_US[Granularity(table["base"])]
    near = [{"start": {"$gt": Int64(start - reach), "$lt": Int64(end)}} for start, end in question.spans]
    metrics = [table["metrics"].index(name) for name in question.metrics]
    digits = [digit_in(table, name) for name in question.columns]
    numbers = {f"x{i}": f"$values.m{place}" for i, place in enumerate(metrics)}
    scales = {f"s{i}": f"$metrics.m{place}.scale" for i, place in enumerate(metrics)}
    codes = arrays([*digits, *(one.digit for one in allowed)])
    inside = {f"c{i}": {"$in": [*one.codes]} for i, one in enumerate(allowed)}
    sums = {f"s{i}": {"$sum": f"$x{i}"} for i in range(len(metrics))}
    finite = {f"x{i}": {"$gte": -LARGEST, "$lte": LARGEST} for i in range(len(metrics))}
    chosen = {"datasetId": question.dataset_id, "version": question.version, "load": table["load"]}
    return [
        {"$match": {**chosen, "$or": near}},
        {"$project": {"tick": "$times", "step": 1, "start": 1, **numbers, **scales, **codes}},
        {"$unwind": {"path": "$tick", "includeArrayIndex": "row"}},
        {
            "$project": {
                "us": {"$add": ["$start", {"$multiply": ["$step", "$tick"]}]},
                "key": [code(digit) for digit in digits],
                **{f"c{i}": code(one.digit) for i, one in enumerate(allowed)},
                **{f"x{i}": {"$divide": [_at(f"$x{i}"), f"$s{i}"]} for i in range(len(metrics))},
            }
        },
        {"$match": {**finite, **inside}},
        {"$set": {"span": _span(question.spans)}},
        {"$match": {"span": {"$gte": 0}}},
        {"$group": {"_id": {"span": "$span", "key": "$key"}, "n": {"$sum": 1}, **sums}},
        {"$limit": question.most_groups + 1},
    ]


def _at(array: str) -> Stage:
    return {"$arrayElemAt": [array, "$row"]}


def _span(spans: Sequence[Span]) -> Stage:
    """The place of the span in which a row lies, -1 outside of all."""
    cases = [
        {"case": {"$and": [{"$gte": ["$us", Int64(start)]}, {"$lt": ["$us", Int64(end)]}]}, "then": place}
        for place, (start, end) in enumerate(spans)
    ]
    return {"$switch": {"branches": cases, "default": -1}}


def group_sums(
    question: GroupQuestion, documents: Sequence[Document], dictionaries: Mapping[str, Sequence[str]]
) -> GroupSums:
    """Return the answer of the pipeline, its codes as the values they stand for."""
    within = documents[: question.most_groups]
    keys: list[list[Any]] = [group["_id"]["key"] for group in within]
    return GroupSums(
        values={name: [dictionaries[name][int(key[i])] for key in keys] for i, name in enumerate(question.columns)},
        span=np.array([group["_id"]["span"] for group in within], np.int64),
        rows=np.array([group["n"] for group in within], np.int64),
        sums=np.array([[group[f"s{i}"] for group in within] for i in range(len(question.metrics))], np.float64),
        is_cut=len(documents) > question.most_groups,
    )
