"""Recomputes every sentence of an analysis from the raw values: a pattern for each sentence, and what must hold.

Independent of the code that writes the sentences: figures are read back from the text, with the precision that they
are written in, and compared with what numpy makes of the points. A sentence that no pattern knows counts as false.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from benchmarks.sentences import anomalies, calendar, data, levels, special_days, versions
from benchmarks.sentences.points import POINTS, N, Points, Subject, without_unit

Rule = tuple[str, Callable[[Points, Subject, re.Match[str]], bool]]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence and whether it is true; ``where`` is the insight's code or the field it stands in."""

    where: str
    text: str
    true: bool


def sentences(points: Points) -> Iterator[Checked]:
    """Check every sentence of the insights, the explanations and the notes on the data."""
    for insight in points.analysis.insights:
        for text in (insight.title, *split(insight.text)):
            yield Checked(insight.code, text, _holds(points, insight, text))
    titles = [insight.title for insight in points.analysis.insights]
    for title in {title for title in titles if titles.count(title) > 1}:
        yield Checked("title", f"{title} (more than once)", true=False)
    for anomaly in points.analysis.anomalies:
        for text in (*split(anomaly.explanation), *split(anomaly.how_sure)):
            yield Checked("explanation", text, _holds(points, anomaly, text))


def split(text: str) -> list[str]:
    """Split a text into its sentences."""
    return [part.rstrip(".") for part in re.split(r"\. ", text.rstrip(".")) if part]


def _holds(points: Points, subject: Subject, text: str) -> bool:
    plain = without_unit(text, points.analysis.unit)
    for pattern, check in RULES:
        match = re.fullmatch(pattern, plain)
        if match is not None:
            return check(points, subject, match)
    return False


RULES: Final[tuple[Rule, ...]] = (
    (
        rf"{N}%? (?:is )?{anomalies.COMPARED} \(usual range {N}%? to {N}%?\), ((?:over )?[\d.,]+) times the usual variation",
        anomalies.explained,
    ),
    (r"It covers ([\d,]+) (\w+); the figures are for (.+?)(?:, the (highest|lowest))?", anomalies.covers),
    (rf"The level changes here: the next {POINTS} have a median of {N}%?", levels.next_median),
    (r"The level stays changed from here on", levels.stays_changed),
    (
        rf"(?:The level returns here|Later the level returns): the {POINTS} before (?P<since>.+) have a median of "
        rf"(?P<before>{N})%?, the (?P<count>[\d,]+) \w+ after (?P<until>.+) one of (?P<after>{N})%?",
        levels.returns,
    ),
    (rf"The (?P<which>highest|lowest) value in that time is (?P<value>{N})%?", levels.furthest),
    (rf"([\d,]+) of these {POINTS} are above zero; usually about {N} are", anomalies.crowd),
    (rf"The largest is {N}%?", data.always_true),
    (
        r"By chance, (?:(?:about|(?P<fewer>fewer than)) 1 in (?P<series>[\d,]+)|most) such series shows? one as clear",
        anomalies.by_chance,
    ),
    (
        r'(?:The calendar has "(?P<event>.+)" on this day|This (?:day|month) is (?P<day>.+?))'
        r"(?:; (?:on|in) (?P<alike>[\d,]+) such (?:days|months) here the series differs in the same direction"
        r"|, and unlike the (?P<unlike>[\d,]+) such (?:days|months) that it was compared with)?",
        special_days.kind_of_day,
    ),
    (rf".+ was {N}%? ((?:on|in) .+?),? {anomalies.COMPARED}", anomalies.title_of_point),
    (rf"((?:On|In) .+?) the (?:(highest|lowest) )?value was {N}%?,? {anomalies.COMPARED}", anomalies.at_date),
    (rf"The usual range there is {N}%? to {N}%?", anomalies.usual_range),
    (rf"That is {N}%? (more|less) than expected", anomalies.than_expected),
    (r"No other of the ([\d,]+) (\w+) was as (high|low)", anomalies.record),
    (
        r".+ was (?:(?P<zero>0)|(?P<side>above|below) (?P<line>its usual range|the expected value)) "
        r"(?:for|(?:on|in) (?P<share>[\d,]+) of) (?P<points>[\d,]+) \w+ from (?P<since>.+)",
        anomalies.outside_range,
    ),
    (r"([\d,]+) (?:open )?anomal(?:y|ies)(?:, (\w+) of high severity)?", anomalies.counted),
    (r"(?:All are (?P<all>above|below)|([\d,]+) above and ([\d,]+) below) the expected value", anomalies.sides),
    (rf"They cover ([\d,]+) of {POINTS} \({N}%\)", anomalies.cover),
    (r"(\w+) more (?:is|are) closed", anomalies.closed_too),
    (r"Nothing unusual: all ([\d,]+) \w+ are within the expected range", anomalies.within),
    (rf"Values run from {N}%? to {N}%?, half of them between {N}%? and {N}%?", anomalies.values_run),
    (r".+ varies too much to tell unusual \w+ from usual ones", anomalies.too_variable),
    (
        rf"The expected range is typically {N}%? wide, and all values lie between {N}%? and {N}%?",
        anomalies.typically_wide,
    ),
    (r"A longer history, a coarser interval or a higher sensitivity can help", data.always_true),
    (r"Nothing unusual(?: at these settings)?", lambda p, _, __: not p.analysis.anomalies),
    (r"([\d,]+) of ([\d,]+) \w+ (?:is|are) outside the expected range, .+", anomalies.some_outside),
    (r"(?:(?P<part>[\d,]+) of (?P<total>[\d,]+)|All (?P<all>[\d,]+)) anomalies fall (?P<words>.+)", calendar.gathered),
    (rf"Only {N}% of all (\w+) are in that time; by chance about {N} would fall there", calendar.share_of_points),
    (
        rf".+ (?:stepped|ran) (?P<way>up|down|higher|lower) by (?P<size>{N})%?(?: \((?P<pct>{N})%\))? (?:on|in|from) .+",
        levels.stepped,
    ),
    (rf"The median of the {POINTS} before is {N}%?, of the {POINTS} from then on {N}%?", levels.medians_beside),
    (r"It (?:has stayed near that level since|stayed near that level until (.+))", levels.stayed),
    (
        rf"The median in that time is {N}%?; of the {POINTS} before, {N}%?; of the {POINTS} after, {N}%?",
        levels.episode,
    ),
    (
        rf".+ (?P<way>rose|fell) by (?:a factor of (?P<factor>{N})|(?P<size>{N})(?P<pct>%)?) (?:since|from) .+",
        levels.trend_title,
    ),
    (
        rf"The median of the first (?:(?P<year>12 months)|(?P<count>[\d,]+) \w+) of that time is (?P<before>{N})%?, "
        rf"of the last (?:12 months|[\d,]+ \w+) (?P<after>{N})%?",
        levels.trend_ends,
    ),
    (
        rf"(?:.+: )?(?P<name>\S+) is the highest (?:hour|day|month): its median is "
        rf"(?P<away>{N})(?P<pct>%)? (?P<side>above|below) the overall median",
        calendar.highest_group,
    ),
    (rf"Weekends are typically (?P<away>{N})(?P<pct>%)? (?P<side>above|below) weekdays", calendar.weekends),
    (
        rf"The median is (?P<top>{N})%? for (?P<high>\S+) and (?P<bottom>{N})%? for (?P<low>\S+), "
        r"the lowest (?:hour|day|month)",
        calendar.group_medians,
    ),
    (
        r"(?P<high>\S+) was higher than (?P<low>\S+) in (?:all (?P<all>[\d,]+)|(?P<kept>[\d,]+) of (?P<of>[\d,]+)) "
        r"(?P<cycle>day|week|year)s",
        calendar.beats,
    ),
    (r"([\d,]+) of ([\d,]+) \w+ ha(?:s|ve) no data", data.no_data),
    (rf"The longest gap is {POINTS}, between (?P<since>.+) and (?P<until>.+)", data.longest_gap),
    (r"Gaps are left out, neither filled in nor counted as zero", data.always_true),
    (r"No data on weekends", data.weekends_missing),
    (r"All [\d,]+ days without data are Saturdays and Sundays", data.weekends_missing),
    (r"No missing \w+", data.nothing_missing),
    (r"All ([\d,]+) \w+ from .+ have a value", data.all_have_value),
    (r"All ([\d,]+) rows? of the file are used", data.all_rows_used),
    (r"([\d,]+) rows? rejected", data.rejected),
    (rf"That is {N}% of the ([\d,]+) rows? of the file", data.share_rejected),
    (r"The list of rejected rows gives line, column and reason for each", data.always_true),
    (r"([\d,]+) rows? (?:is an exact copy|are exact copies) of another row", data.copies),
    (
        r"Since version (?P<version>\d+): (?:(?P<new>[\d,]+) new anomal(?:y|ies))?(?:, | and )?"
        r"(?:(?P<gone>[\d,]+) no longer found)?(?:, | and )?(?:(?:(?P<more>[\d,]+) \w+ more)|(?:(?P<fewer>[\d,]+) \w+ fewer))?",
        versions.changes,
    ),
    (r"Same figures and anomalies as in version (?P<version>\d+)", versions.alike),
    (r"As many \w+ as in version (?P<version>\d+), with other values", versions.alike),
    (
        r"The mean went (?P<way>up|down) from (?:about )?(?P<before>[\d.,]+) to (?:about )?(?P<now>[\d.,]+)"
        r"(?: \((?P<share>[\d.,]+)%\))?",
        versions.mean_went,
    ),
    (r"The mean (?:is the (?P<same>same)|changed by less than 1%)", versions.mean_hardly),
    (r"([\d,]+) anomal(?:y|ies) of version (\d+) remains?", versions.remaining),
    (r"Copies count like any other row", data.always_true),
    (r"Remove them from the file if they are mistakes", data.always_true),
    (r"([\d,]+) rows? ha(?:s|ve) the same time as another row", data.always_true),
    (r"Rows with the same time become one value: their \w+", data.always_true),
    (rf"(?:The longest: )?{POINTS} in a row have the value {N}%? from (.+)", data.run_of_equal),
    (r".+ stands still in (\d+) places?", data.places),
    (
        r"Recurring events are treated as normal",
        lambda p, _, __: any(n.code == "recurrent" for n in p.analysis.quality),
    ),
    (r"([\d,]+) recurring events? (?:is|are) treated as normal", data.recurring),
    (r"The last: (.+)", data.recurring_dates),
    (rf".+ is always {N}%?", data.always),
    (r"All ([\d,]+) \w+ have the same value, so there is nothing to compare", data.all_have_value),
    (r"([\d,]+) \w+ (?:is|are) too few to analyse", data.too_few),
    (r"At least 5 are needed to tell unusual from usual", data.always_true),
    (r"Upload a longer stretch.*", data.always_true),
    (r"Later \w+ are sums of (more|fewer) rows than earlier ones", data.more_rows),
    (rf"The median number of rows is {N} in the first third and {N} in the last third", data.rows_of_thirds),
    (r"Choose the mean to compare single rows", data.always_true),
    (r".+ is empty in ([\d,]+) of ([\d,]+) rows?", data.empty_rows),
    (rf"The rows with a value \({N}%\) run from .+ to .+; the others are left out", data.rows_with_value),
    (r"The (?:first|last) \w+ is incomplete", data.incomplete),
    (r".+ has [\d,]+ rows?, the median is [\d,]+", data.incomplete),
    (rf"Its value of {N}%? is shown, not analysed", data.bucket_value),
)
