"""A reason that the file itself gives: what a text column says at the time of an anomaly.

It is a suggestion, shown with the column it comes from. It becomes the user's reason only when the user saves it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace

from domain.analysis.analysis import Analysis, SuggestedReason
from domain.datasets.columns import Column, ColumnType
from domain.detection.result import DetectedAnomaly
from domain.timeseries.aggregation import Granularity, Ints
from domain.timeseries.buckets import bucket_ends
from domain.timeseries.series import TimeSeries

_NAMES: Final = (
    "event events reason reasons note notes comment comments holiday holidays remark remarks annotation annotations "
    "cause causes incident incidents explanation campaign promotion kommentar grund bemerkung"
)
WORDS: Final = frozenset(_NAMES.split())
MOST_COLUMNS: Final = 3  # of a file; more are not notes but its subject
MOST_ASKED: Final = 1_000  # anomalies of one analysis that are looked up
MOST_TEXTS: Final = 5  # different texts that are joined
MOST_CHARACTERS: Final = 300  # a reason holds 500: there is room for the user's own words
_WORD: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"([a-z0-9])([A-Z])")

Stretch = tuple[int, int]


def reason_columns(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the text columns that are named like reasons, in the order of the file."""
    named = (
        column.name
        for column in columns
        if column.type is ColumnType.TEXT
        and WORDS.intersection(word.lower() for word in _WORD.findall(_CAMEL.sub(r"\1 \2", column.name)))
    )
    return tuple(named)[:MOST_COLUMNS]


def stretches_of(series: TimeSeries, anomalies: Sequence[DetectedAnomaly]) -> tuple[Stretch, ...]:
    """Return from where to where each anomaly reaches: instants in microseconds, the end excluded."""
    if not anomalies:
        return ()
    times: Ints = series.time_utc.astype("datetime64[us]").astype(np.int64)
    starts = times[[one.start for one in anomalies[:MOST_ASKED]]]
    last = times[[one.end for one in anomalies[:MOST_ASKED]]]
    native = series.granularity is Granularity.NATIVE
    ends = last + 1 if native else bucket_ends(last, series.granularity, series.time_zone)
    return tuple((int(a), int(b)) for a, b in zip(starts, ends, strict=True))


def suggest(analysis: Analysis, texts: Mapping[str, Sequence[Sequence[str]]]) -> Analysis:
    """Write suggestions into an analysis.

    Args:
        analysis: its anomalies in the order of ``stretches_of``.
        texts: per column, what it says of each anomaly; of two columns the first that says something.
    """
    if not any(any(stretch_texts) for stretch_texts in texts.values()):
        return analysis
    anomalies = list(analysis.anomalies)
    for column, stretch_texts in reversed(tuple(texts.items())):
        for place, stretch in enumerate(stretch_texts):
            if stretch:
                reason = SuggestedReason(column=column, text=joined(stretch))
                anomalies[place] = replace(anomalies[place], suggested_reason=reason)
    return replace(analysis, anomalies=tuple(anomalies))


def joined(texts: Sequence[str]) -> str:
    """Join different texts to one line of bounded length."""
    lines = (" ".join(text.split()) for text in texts)
    text = "; ".join(tuple(dict.fromkeys(line for line in lines if line))[:MOST_TEXTS])
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"
