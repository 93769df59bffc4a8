"""Whether the data cover the first and the last bucket of a series: those that they do not cover are never judged."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity, Ints
from domain.timeseries.buckets import bucket_ends
from domain.timeseries.granularity import SAME_STEP

FULL_SHARE: Final = 0.75  # a bucket with fewer than this share of the usual rows may still be filling
LEAST_ROWS_QUANTILE: Final = 0.02  # of the rows of all other buckets: fewer are unusual
MIN_USUAL_ROWS: Final = 4  # below this many rows per bucket, a share of them says nothing


@dataclass(frozen=True, slots=True)
class RecordSpan:
    """From when to when there are records of a metric (microseconds since the epoch), and their median step."""

    first_us: int
    last_us: int
    step_us: int


def complete_by_rows(rows: Ints) -> tuple[bool, bool]:
    """Judge the first and the last bucket by the rows of those between them."""
    inner = rows[1:-1]
    if len(inner) == 0:
        return True, True
    usual = float(np.median(inner))
    # The usual spread of row counts decides with the share: in a series of events a quiet bucket is no torn one.
    least = min(FULL_SHARE * usual, float(np.quantile(inner, LEAST_ROWS_QUANTILE)))
    if usual < MIN_USUAL_ROWS:
        return True, True
    return bool(rows[0] >= least), bool(rows[-1] >= least)


def covered(rows: Ints, starts: Ints, granularity: Granularity, time_zone: str, span: RecordSpan) -> tuple[bool, bool]:
    """Return whether the records cover the first and the last bucket.

    A bucket is incomplete if the records begin (or end) more than a step of theirs inside of it, and if it holds fewer
    rows than nearly all buckets between do: a market that is closed on Sundays ends its weeks on Saturdays. The rows
    alone do not decide: where the records reach to the end of the bucket, few of them are news.
    """
    allowed = (1.0 + SAME_STEP) * span.step_us
    end = int(bucket_ends(starts[-1:], granularity, time_zone)[0])
    first_covered = span.first_us - int(starts[0]) < allowed
    last_covered = end - span.last_us <= allowed
    inner = rows[1:-1]
    if len(inner) == 0:
        return first_covered, last_covered  # nothing to compare the rows with
    least = float(np.quantile(inner, LEAST_ROWS_QUANTILE))
    return first_covered or bool(rows[0] >= least), last_covered or bool(rows[-1] >= least)
