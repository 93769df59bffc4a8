"""Query parameters of analyses, read strictly: what is not known or not possible is refused, never ignored."""

from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from domain.analysis.analysis import MAX_CHART_POINTS
from domain.analysis.settings import AnalysisSettings
from domain.errors import InvalidInputError
from domain.use_cases.analyses.causes import AskedStretch
from entrypoints.http.schemas import MAX_WHOLE, RequestBody
from entrypoints.parameters import body_to, option_fields, texts_to

SETTINGS: Final = tuple(option.form_name for option in option_fields(AnalysisSettings))
OF_ANALYSIS: Final = frozenset({"metric", "version", *SETTINGS})
OF_SERIES: Final = frozenset({*OF_ANALYSIS, "from", "to", "points"})
OF_CAUSES: Final = frozenset({*OF_ANALYSIS, "anomaly", "from", "to", "per"})
OF_COMPARISON: Final = frozenset({"metric", "before", "after", *SETTINGS})
REPEATED: Final = frozenset(option.form_name for option in option_fields(AnalysisSettings) if option.repeated)
REMEMBERED: Final = 1024  # distinct query strings; a page asks the same few again and again


class AnalysisQuery(msgspec.Struct, frozen=True):
    """Which analysis is asked for; None means the first metric, the newest version."""

    metric: str | None
    settings: AnalysisSettings
    version: int | None


class SeriesQuery(msgspec.Struct, frozen=True):
    """Which stretch of which series; ``start`` and ``end`` as the user wrote them."""

    analysis: AnalysisQuery
    start: str | None
    end: str | None
    points: int


class CausesQuery(msgspec.Struct, frozen=True):
    """What is to be explained in which analysis."""

    analysis: AnalysisQuery
    stretch: AskedStretch


class ComparisonQuery(msgspec.Struct, frozen=True):
    """Which two versions of which metric."""

    metric: str
    settings: AnalysisSettings
    before: int
    after: int


@lru_cache(REMEMBERED)
def analysis_query(query_string: bytes) -> AnalysisQuery:
    """Read the parameters of ``GET /api/analytics/{datasetId}``.

    Raises:
        InvalidInputError: names the parameter and what it may be.
    """
    return _analysis(query_string, OF_ANALYSIS)


def series_query(query_string: bytes) -> SeriesQuery:
    """As ``analysis_query``, for ``GET /api/analytics/{datasetId}/series``."""
    given = pairs(query_string, OF_SERIES)
    points = given.get("points")
    return SeriesQuery(
        analysis=_analysis(query_string, OF_SERIES),
        start=given.get("from") or None,
        end=given.get("to") or None,
        points=MAX_CHART_POINTS if points is None else whole_number("points", points),
    )


def causes_query(query_string: bytes) -> CausesQuery:
    """As ``analysis_query``, for ``GET /api/analytics/{datasetId}/causes``: an anomaly or a time is needed."""
    given = pairs(query_string, OF_CAUSES)
    anomaly, start, end, per = (given.get(name) or None for name in ("anomaly", "from", "to", "per"))
    if (anomaly is None) == (start is None):
        raise InvalidInputError("Give either anomaly, or from (and to).", field="anomaly")
    stretch = AskedStretch(anomaly=anomaly, start=start, end=end, per=per)
    return CausesQuery(analysis=_analysis(query_string, OF_CAUSES), stretch=stretch)


def comparison_query(query_string: bytes) -> ComparisonQuery:
    """As ``analysis_query``, for ``GET /api/analytics/{datasetId}/compare``: all but the settings are needed."""
    given = pairs(query_string, OF_COMPARISON)
    for name in ("metric", "before", "after"):
        if not given.get(name):
            raise InvalidInputError(f"{name} is missing.", field=name)
    return ComparisonQuery(
        metric=given["metric"],
        settings=_analysis(query_string, OF_COMPARISON).settings,
        before=whole_number("before", given["before"], at_least=1),
        after=whole_number("after", given["after"], at_least=1),
    )


def settings_of(body: RequestBody) -> AnalysisSettings:
    """The settings a request body asks for. Raises InvalidInputError."""
    return body_to(AnalysisSettings, body)


def pairs(query_string: bytes, known: frozenset[str]) -> dict[str, str]:
    """Read a query string whose parameters are all known and given once, but for ``REPEATED``, whose first counts.

    Raises:
        InvalidInputError: names the parameter.
    """
    return {name: texts[0] for name, texts in lists(query_string, known).items()}


def lists(query_string: bytes, known: frozenset[str]) -> dict[str, list[str]]:
    """Read a query string whose parameters are all known; only those in ``REPEATED`` may come more than once.

    Raises:
        InvalidInputError: names the parameter.
    """
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string.decode("latin-1"), keep_blank_values=True):
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise InvalidInputError(f"There is no parameter {name!r}. Those there are: {listed}.", field=name)
        if name in given and name not in REPEATED:
            raise InvalidInputError(f"The parameter {name!r} is given twice.", field=name)
        given.setdefault(name, []).append(value)
    return given


def _analysis(query_string: bytes, known: frozenset[str]) -> AnalysisQuery:
    texts = lists(query_string, known)
    given = {name: several[0] for name, several in texts.items()}
    version = given.get("version")
    return AnalysisQuery(
        metric=given.get("metric") or None,
        settings=texts_to(AnalysisSettings, texts, blank_is_given=True),
        version=None if version is None else whole_number("version", version, at_least=1),
    )


def whole_number(name: str, text: str, *, at_least: int = 0) -> int:
    """Read a whole number from ``at_least`` to ``MAX_WHOLE``, written in plain digits. Raises InvalidInputError."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MAX_WHOLE))
    if not is_number or not at_least <= int(text) <= MAX_WHOLE:
        raise InvalidInputError(f"{name}: {text!r} is not a whole number from {at_least} to {MAX_WHOLE:,}.", field=name)
    return int(text)
