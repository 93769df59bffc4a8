"""All detectors together: per point the one with the highest ratio of score to threshold, at any sensitivity."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from domain.detection.detectors.scores import DetectorScores
from domain.detection.prepared_series import BoolArray, FloatArray, IntArray, PreparedSeries
from domain.detection.result import SensitivityPoint
from domain.detection.scoring import events, recurrence, threshold
from domain.detection.scoring.events import Span
from domain.detection.scoring.severity import HIGH_FOLD
from domain.detection.settings import DetectionSettings, Reported

DIAL_STEPS: Final = 21
EDGE: Final = 1.0 + 1e-9  # over the threshold by more than the way back to the unit rounds away
SMALL_EFFECTS: Final = ((20, 0.2), (100, 0.1))  # below so many points less than this share of the expected is nothing


@dataclass(frozen=True, slots=True)
class CombinedScore:
    """The scores of all detectors combined at one budget, per point of the series.

    Attributes:
        leading: index of the detector with the highest score/threshold ratio.
        scores: its signed distance over the threshold.
        distances: the point's own distance in units of the band drawn, signed; what peaks are chosen by.
        flagged: ascending positions of what is reported.
        together: whether the leading detector finds stretches, which are not parted.
    """

    leading: IntArray
    scores: FloatArray
    distances: FloatArray
    flagged: IntArray
    together: BoolArray


def judge(all_scores: list[DetectorScores], budget: float) -> CombinedScore:
    """Combine the scores of all detectors at every point."""
    scores = np.stack([c.scores(budget) for c in all_scores])
    leading = np.argmax(np.abs(scores), axis=0)
    score = np.take_along_axis(scores, leading[None], 0)[0]
    distance = np.empty(len(score))
    for number, detector_scores in enumerate(all_scores):
        led = np.flatnonzero(leading == number)
        distance[led] = detector_scores.distances(budget, led)
    # what is judged by its company may itself lie on the other side: it is never the peak
    distance = np.where(distance * score >= 0, distance, 1e-9 * np.sign(score))
    together = np.array([c.traits.finds_stretches for c in all_scores])[leading]
    return CombinedScore(leading, score, distance, np.flatnonzero(np.abs(score) > EDGE), together)


def spans_of(verdict: CombinedScore, series: PreparedSeries) -> list[Span]:
    """Join what is flagged to events. A piece of a stretch with no point outside the band of its own is none."""
    stretches = events.group(verdict.flagged, verdict.distances, series)
    if series.cadence is None or series.cadence < events.DAILY:
        return [s for s in stretches if abs(verdict.distances[s.peak]) > EDGE]  # there a stretch has calm points
    spans: list[Span] = []
    for s in stretches:
        whole = bool(verdict.together[s.start : s.end + 1].any())
        spans += [s] if whole else events.parted(s, verdict.flagged, verdict.distances, EDGE)
    spans = [s for s in spans if abs(verdict.distances[s.peak]) > EDGE]
    return spans if len(series) < events.EACH_ALONE else events.with_rebounds(spans, verdict.distances)


def without_recurring(
    all_scores: list[DetectorScores], series: PreparedSeries, known: BoolArray
) -> tuple[list[DetectorScores], IntArray]:
    """Leave out what the series does again and again; return where these events peak.

    Decided on everything that the highest sensitivity would report, so the sensitivity curve stays monotone. Days that
    the calendar explains (``known``) and all others are counted apart: many holidays do not make an outage usual.
    """
    everything = judge(all_scores, threshold.budget_at(1.0))
    scores = np.zeros(len(series))
    scores[everything.flagged] = judge(_at(all_scores, everything.flagged), threshold.STANDARD_BUDGET).scores
    masked_points = np.zeros(len(series), dtype=np.bool_)
    recurring: list[int] = []
    large = _large_days(all_scores[0], series)
    for of_calendar in (False, True):
        flagged = everything.flagged[known[everything.flagged] == of_calendar]
        spans = events.group(flagged, everything.scores, series)
        is_recurring = recurrence.recurring_events(spans, scores, len(series), large[[s.peak for s in spans]])
        clear = is_recurring & (np.abs(scores[[s.peak for s in spans]]) > 1.0)
        if not of_calendar:
            unusual = recurrence.at_unusual_times(spans, clear, series)
            is_recurring, clear = is_recurring & ~unusual, clear & ~unusual
        masked_points |= recurrence.points_of(spans, is_recurring, len(series)) & (known == of_calendar)
        recurring += [span.peak for span, usual in zip(spans, clear, strict=True) if usual]
    if not masked_points.any():
        return all_scores, np.zeros(0, dtype=np.int64)
    where = np.array(sorted(recurring), dtype=np.int64)
    return [masked(c, masked_points) if c.traits.may_recur else c for c in all_scores], where


def _large_days(detector_scores: DetectorScores, series: PreparedSeries) -> BoolArray:
    """Return the days (and longer points) whose value is as far from the expected one as high severity asks."""
    expected = detector_scores.transform.inverse(detector_scores.expected)
    if series.cadence is None or series.cadence < events.DAILY or series.values.min() < 0:
        return np.zeros(len(series), dtype=np.bool_)
    low, high = np.minimum(series.values, expected), np.maximum(series.values, expected)
    return np.asarray(high >= HIGH_FOLD * low, dtype=np.bool_)


def standard_scores(all_scores: list[DetectorScores], flagged: IntArray, points: int) -> FloatArray:
    """Return the size of the scores at the standard sensitivity of the points ``flagged``, 0 at all others."""
    scores = np.zeros(points)
    if len(flagged):
        scores[flagged] = np.abs(judge(_at(all_scores, flagged), threshold.STANDARD_BUDGET).scores)
    return scores


def as_asked(
    all_scores: list[DetectorScores], series: PreparedSeries, settings: DetectionSettings
) -> list[DetectorScores]:
    """Silence what the user does not want to hear of, and effects too small to matter in a short series."""
    return [masked(c, _unwanted(c, series, settings)) for c in all_scores]


def masked(detector_scores: DetectorScores, where: BoolArray) -> DetectorScores:
    """Set the scores of a detector to zero at some points."""
    return replace(detector_scores, deviations=np.where(where, 0.0, detector_scores.deviations))


def _unwanted(detector_scores: DetectorScores, series: PreparedSeries, settings: DetectionSettings) -> BoolArray:
    expected = detector_scores.transform.inverse(detector_scores.expected)
    change = np.abs(series.values - expected)
    unwanted = np.zeros(len(change), dtype=np.bool_)
    if detector_scores.transform.ratio_scale:
        least = next((share for points, share in SMALL_EFFECTS if len(series) < points), 0.0)
        unwanted |= change * EDGE < least * np.abs(expected)
    if settings.direction is Reported.UP:
        unwanted |= detector_scores.deviations < 0
    if settings.direction is Reported.DOWN:
        unwanted |= detector_scores.deviations > 0
    if settings.min_change is not None:
        smallest = settings.min_change.amount
        with np.errstate(over="ignore", under="ignore"):
            amount = (
                smallest / 100.0 * np.abs(expected)
                if settings.min_change.percent
                else np.ldexp(smallest, -series.exponent)
            )
        unwanted |= change < amount
    return unwanted


def sensitivity_curve(all_scores: list[DetectorScores], series: PreparedSeries) -> tuple[SensitivityPoint, ...]:
    """Count points and events for the whole range of sensitivity; only points that its far end flags are looked at."""
    candidates = judge(all_scores, threshold.budget_at(1.0)).flagged
    few = _at(all_scores, candidates)
    distances, together = np.zeros(len(series)), np.zeros(len(series), dtype=np.bool_)
    steps = []
    for step in range(DIAL_STEPS):
        sensitivity = step / (DIAL_STEPS - 1)
        verdict = judge(few, threshold.budget_at(sensitivity))
        distances[candidates], together[candidates] = verdict.distances, verdict.together
        whole = replace(verdict, distances=distances, together=together, flagged=candidates[verdict.flagged])
        events_found = len(spans_of(whole, series))
        steps.append(SensitivityPoint(sensitivity=sensitivity, flagged_points=len(whole.flagged), events=events_found))
    return tuple(steps)


def _at(all_scores: list[DetectorScores], points: IntArray) -> list[DetectorScores]:
    """Return the scores of some points only."""
    return [replace(c, **{name: getattr(c, name)[points] for name in _PER_POINT}) for c in all_scores]


_PER_POINT: Final = ("expected", "scale", "deviations", "own")
