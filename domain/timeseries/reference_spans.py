"""With which earlier times is a stretch of time compared, leaf by leaf?"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from domain.timeseries.aggregation import Granularity
from domain.timeseries.buckets import MONTHS
from domain.timeseries.group_sums import Span
from domain.timeseries.timezones import DAY_US, to_instants, to_local

WEEK_US: Final = 7 * DAY_US  # the same weekday and hour: most business data have a week, few have none
MOST_SPANS: Final = 6  # as many weeks tell the noise of a leaf; more are of another season (causes.reference_days)
LEAST_SPANS: Final = 2  # one tells no noise: then later times help out
LOOKED_AT: Final = 12  # steps to either side: weeks that held other anomalies are passed over


def comparable_spans(
    span: Span, granularity: Granularity, time_zone: str, covered: Span, left_out: Sequence[Span]
) -> tuple[Span, ...]:
    """Return the spans of the same length to compare one with, the nearest first.

    They lie whole weeks before it by the wall clock, or as many months where its points are months or longer; where
    fewer than two are before it, after it.

    Args:
        span: what is to be explained.
        granularity: of the series it was seen in.
        time_zone: IANA name.
        covered: from where to where there are data.
        left_out: known anomalies; what overlaps one is no example of what is usual.
    """
    before = _usable(_steps(span, granularity, time_zone, -1), covered, left_out)
    if len(before) >= LEAST_SPANS:
        return before[:MOST_SPANS]
    after = _usable(_steps(span, granularity, time_zone, 1), covered, left_out)
    return (*before, *after)[:LEAST_SPANS]


def _steps(span: Span, granularity: Granularity, time_zone: str, way: int) -> Iterator[Span]:
    local = to_local(np.array(span, np.int64), time_zone)
    for number in range(1, LOOKED_AT + 1):
        if granularity in MONTHS:
            days = local // DAY_US
            months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
            moved = months + way * number * int(months[1] - months[0])
            shifted = moved.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) * DAY_US
        else:
            weeks = -(-int(local[1] - local[0]) // WEEK_US)
            shifted = local + way * number * weeks * WEEK_US
        start, end = to_instants(shifted, time_zone).tolist()
        yield (start, end)


def _usable(spans: Iterator[Span], covered: Span, left_out: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(
        (start, end)
        for start, end in spans
        if covered[0] <= start
        and end <= covered[1]
        and not any(start < other_end and other_start < end for other_start, other_end in left_out)
    )
