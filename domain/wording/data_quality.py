"""Weaknesses of the data in sentences: those that detection reports as numbers, and those of reading the file."""

from collections.abc import Callable
from typing import Final

from domain.datasets.dataset import DataQuality
from domain.detection.result import QualityCode, QualityFinding
from domain.wording.calendar import name_of, preposition
from domain.wording.formatting import Figures, join, plural
from domain.wording.time_names import TimeNames

DATES_SHOWN: Final = 3  # the others are listed beside the sentence


def of_series(finding: QualityFinding, figures: Figures, times: TimeNames) -> str:
    """Write a weakness that detection reports."""
    return SENTENCES[finding.code](finding, figures, times)


def of_reading(quality: DataQuality) -> tuple[tuple[QualityCode, str, int], ...]:
    """Write what reading the file found: code, sentence and count of each weakness."""
    rejected, copies, unsorted = quality.rejected_rows, quality.duplicate_rows, quality.out_of_order_rows
    counted = (
        (QualityCode.REJECTED_ROWS, rejected, f"{plural(rejected, 'row')} rejected (see the list of rejected rows)."),
        (QualityCode.DUPLICATE_ROWS, copies, f"{plural(copies, 'row')} {_verb(copies)} an exact copy of another row."),
        (
            QualityCode.OUT_OF_ORDER_ROWS,
            unsorted,
            f"{plural(unsorted, 'row')} {_verb(unsorted)} out of order; sorted by time.",
        ),
    )
    notes = [(code, text, count) for code, count, text in counted if count]
    return (*notes, *((QualityCode.READING, note, 1) for note in quality.notes))


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def _not_finite(finding: QualityFinding, _: Figures, times: TimeNames) -> str:
    verb = "has" if finding.count == 1 else "have"
    return f"{finding.count:,} of {times.counted(finding.total or 0)} {verb} no value."


def _incomplete_first(_: QualityFinding, __: Figures, times: TimeNames) -> str:
    return f"The first {times.noun} is incomplete: shown, not analysed."


def _incomplete(_: QualityFinding, __: Figures, times: TimeNames) -> str:
    return f"The last {times.noun} is incomplete: shown, not analysed."


def _duplicate_times(finding: QualityFinding, _: Figures, __: TimeNames) -> str:
    verb = "occurs" if finding.count == 1 else "occur"
    return f"{plural(finding.count, 'time')} {verb} more than once; each value is analysed by itself."


def _gap(finding: QualityFinding, _: Figures, times: TimeNames) -> str:
    missing = f"{times.counted(finding.total or 0)} missing"
    return f"{plural(finding.count, 'gap')} with {missing} in total, {finding.longest:,} in the longest."


def _too_few(finding: QualityFinding, _: Figures, times: TimeNames) -> str:
    return f"{times.counted(finding.count)} {_verb(finding.count)} too few to analyse; {finding.total:,} are needed."


def _too_few_nonzero(finding: QualityFinding, _: Figures, times: TimeNames) -> str:
    return f"Only {times.counted(finding.count)} {_verb(finding.count)} above zero: too few to analyse."


def _constant(finding: QualityFinding, figures: Figures, times: TimeNames) -> str:
    value = figures.observed(finding.value or 0.0)
    return f"All {times.counted(finding.count)} have the value {value}: nothing to compare."


def _flatline(finding: QualityFinding, figures: Figures, times: TimeNames) -> str:
    value = figures.observed(finding.value or 0.0)
    since = "" if finding.start is None else f" from {times.date(finding.start)}"
    return f"{times.counted(finding.count)} in a row have the value {value}{since}."


def _recurrent(finding: QualityFinding, _: Figures, times: TimeNames) -> str:
    verb = "is" if finding.count == 1 else "are"
    text = f"{plural(finding.count, 'recurring event')} {verb} treated as normal."
    if not finding.places:
        return text
    shown = join([times.date(place) for place in finding.places[-DATES_SHOWN:]])
    return f"{text} The last: {shown}."


Sentence = Callable[[QualityFinding, Figures, TimeNames], str]


def _code_for_missing(finding: QualityFinding, figures: Figures, _: TimeNames) -> str:
    values = plural(finding.count, "value")
    code = figures.observed(finding.value or 0.0)
    return f"{values} of {code}, far from all others, look like a code for missing: shown, not analysed."


def _counter_reset(finding: QualityFinding, _: Figures, __: TimeNames) -> str:
    return f"This is a total that only rises; counting began again {plural(finding.count, 'time')}."


def _calendar(finding: QualityFinding, _: Figures, __: TimeNames) -> str:
    if finding.day is None:
        return ""
    side = "above" if (finding.value or 0.0) > 0 else "below"
    share = f"{abs(finding.value or 0.0):.0%}"
    when = f"{preposition(finding.day).capitalize()} {name_of(finding.day)}"
    return f"{when} the series is usually {share} {side} its level ({finding.count:,} times here)."


SENTENCES: Final[dict[QualityCode, Sentence]] = {
    QualityCode.NOT_FINITE: _not_finite,
    QualityCode.INCOMPLETE_FIRST_BUCKET: _incomplete_first,
    QualityCode.INCOMPLETE_LAST_BUCKET: _incomplete,
    QualityCode.DUPLICATE_TIMES: _duplicate_times,
    QualityCode.GAP: _gap,
    QualityCode.TOO_FEW_POINTS: _too_few,
    QualityCode.TOO_FEW_NONZERO: _too_few_nonzero,
    QualityCode.CONSTANT: _constant,
    QualityCode.FLATLINE: _flatline,
    QualityCode.RECURRENT: _recurrent,
    QualityCode.CODE_FOR_MISSING: _code_for_missing,
    QualityCode.COUNTER_RESET: _counter_reset,
    QualityCode.CALENDAR: _calendar,
}
