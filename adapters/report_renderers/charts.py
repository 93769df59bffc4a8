"""The charts of a report as SVG, drawn once for screen and paper: colours are handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from adapters.report_renderers.axes import AxisScale, tick_texts, time_ticks, value_ticks
from domain.analysis.analysis import Analysis, Anomaly, BoxGroup
from domain.detection.result import Severity

WIDTH: Final = 720.0
HEIGHT: Final = 270.0
HALF_WIDTH: Final = 350.0
HALF_HEIGHT: Final = 210.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 16.0, 10.0, 24.0  # room for the axes' texts
LABEL_ROOM: Final = 26.0  # px a text under an axis needs, so that neighbours do not touch
DENSE: Final = 500  # points from which on a thinner line keeps its turns apart
BAR_GAP: Final = 1.0
BOX_SHARE: Final = 0.62  # of the room a group has
WIDEST_BOX: Final = 60.0
SHAPES: Final = {  # by severity, so that colour is not the only difference; drawn around (0, 0)
    Severity.HIGH: "M0-5.5 5.5 0 0 5.5-5.5 0Z",
    Severity.MEDIUM: "M0-5 5 4-5 4Z",
    Severity.LOW: "M-3.8 0a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0Z",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """CSS colours. ``font`` is a font family list."""

    ink: str
    line: str
    accent: str
    band: str
    surface: str
    high: str
    medium: str
    low: str
    font: str

    def severity(self, severity: Severity) -> str:
        """Return the colour of a severity."""
        return {Severity.HIGH: self.high, Severity.MEDIUM: self.medium, Severity.LOW: self.low}[severity]


PAPER: Final = Palette(
    ink="#5a6272",
    line="#e5e8ef",
    accent="#3b5bdb",
    band="#dfe5fb",
    surface="#ffffff",
    high="#d6293e",
    medium="#e8590c",
    low="#b17a06",
    font="Inter, 'Inter Ext'",
)
SCREEN: Final = Palette(
    ink="var(--ink-muted)",
    line="var(--line)",
    accent="var(--accent)",
    band="var(--band)",
    surface="var(--surface)",
    high="var(--high)",
    medium="var(--medium)",
    low="var(--low)",
    font="inherit",
)


def line_chart(analysis: Analysis, palette: Palette) -> str:
    """Draw the series over its expected band, with every anomaly marked by the shape of its severity."""
    view = analysis.series
    times = [wall_clock(text) for text in view.time]
    drawn = [v for column in (view.value, view.lower, view.upper) for v in column if v is not None]
    drawn += [anomaly.value for anomaly in analysis.anomalies]
    ticks = value_ticks(*_visible(analysis, drawn))
    y = AxisScale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    seconds = [(time - times[0]).total_seconds() for time in times]
    x = AxisScale(0.0, seconds[-1], LEFT, WIDTH - RIGHT)
    xs = [x(second) for second in seconds]
    parts = [_grid(ticks, y, WIDTH, palette)]
    for when, text in time_ticks(times[0], times[-1]):
        parts.append(_text(x((when - times[0]).total_seconds()), HEIGHT - 6, text, palette))
    clip = f'<clipPath id="plot"><path d="M{LEFT} {TOP}H{WIDTH - RIGHT}V{HEIGHT - BOTTOM}H{LEFT}Z"/></clipPath>'
    band = _band(xs, view.lower, view.upper, y)
    parts.append(f'{clip}<g clip-path="url(#plot)"><path d="{band}" style="fill:{palette.band};stroke:none"/>')
    line = f"fill:none;stroke:{palette.accent};stroke-width:{1.2 if len(xs) < DENSE else 0.8};stroke-linejoin:round"
    parts.append(f'<path d="{_line(xs, view.value, y)}" style="{line}"/></g>')
    if len(times) <= 60:  # noqa: PLR2004 - few points are drawn as such
        parts += [_dot(at, y(v), palette) for at, v in zip(xs, view.value, strict=True) if v is not None]
    order = sorted(analysis.anomalies, key=lambda anomaly: list(SHAPES).index(anomaly.severity), reverse=True)
    for anomaly in order:
        at = x((wall_clock(anomaly.date) - times[0]).total_seconds())
        parts.append(_marker(at, min(max(y(anomaly.value), TOP), HEIGHT - BOTTOM), anomaly, palette))
    return _svg(WIDTH, HEIGHT, f"{analysis.metric} over time with its expected range and anomalies", parts, palette)


def _visible(analysis: Analysis, drawn: Sequence[float]) -> tuple[float, float]:
    """Return the range of the axis: every value, and of the band what lies within half as much again."""
    values = [v for v in analysis.series.value if v is not None] + [a.value for a in analysis.anomalies]
    low, high = min(values), max(values)
    margin = high / 4 - low / 4
    return max(min(drawn), low - margin), min(max(drawn), high + margin)


def wall_clock(text: str) -> datetime:
    """Read a label of the analysis as the wall clock it shows."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _line(xs: Sequence[float], values: Sequence[float | None], y: AxisScale) -> str:
    parts, pen_down = [], False
    for x, value in zip(xs, values, strict=True):
        if value is not None:
            parts.append(f"{'L' if pen_down else 'M'}{x:.1f} {y(value):.1f}")
        pen_down = value is not None
    return "".join(parts)


def _band(xs: Sequence[float], lower: Sequence[float | None], upper: Sequence[float | None], y: AxisScale) -> str:
    paths = []
    run: list[tuple[float, float, float]] = []
    for x, low, high in [*zip(xs, lower, upper, strict=True), (0.0, None, None)]:
        if low is not None and high is not None:
            run.append((x, y(low), y(high)))
        elif run:
            there = "L".join(f"{x:.1f} {top:.1f}" for x, _, top in run)
            back = "L".join(f"{x:.1f} {bottom:.1f}" for x, bottom, _ in reversed(run))
            paths.append(f"M{there}L{back}Z")
            run = []
    return "".join(paths)


def _dot(x: float, y: float, palette: Palette) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" style="fill:{palette.accent}"/>'


def _marker(x: float, y: float, anomaly: Anomaly, palette: Palette) -> str:
    style = f"fill:{palette.severity(anomaly.severity)};stroke:{palette.surface};stroke-width:1"
    place = f'transform="translate({x:.1f} {y:.1f})" d="{SHAPES[anomaly.severity]}"'
    title = escape(f"{anomaly.date}: {anomaly.explanation}")
    return f'<path {place} style="{style}"><title>{title}</title></path>'


def histogram_chart(analysis: Analysis, palette: Palette) -> str:
    """Draw how many points have which value; the part of anomalies in the colour of the highest severity."""
    edges, counts, anomalies = analysis.histogram.edges, analysis.histogram.counts, analysis.histogram.anomalies
    ticks = value_ticks(0.0, float(max(counts, default=1)), 4)
    y = AxisScale(ticks[0], ticks[-1], HALF_HEIGHT - BOTTOM, TOP)
    x = AxisScale(edges[0], edges[-1], LEFT, HALF_WIDTH - RIGHT)
    parts = [_grid(ticks, y, HALF_WIDTH, palette)]
    for at, count in enumerate(counts):
        parts.append(_bar(x(edges[at]), x(edges[at + 1]), y(count), y(0), palette.accent))
        if anomalies[at]:
            # At least 2 px: one anomaly among thousands of points must not vanish.
            parts.append(_bar(x(edges[at]), x(edges[at + 1]), min(y(anomalies[at]), y(0) - 2), y(0), palette.high))
    shown = [tick for tick in value_ticks(edges[0], edges[-1], 4) if edges[0] <= tick <= edges[-1]]
    for tick, text in zip(shown, tick_texts(shown) if shown else [], strict=True):
        parts.append(_text(x(tick), HALF_HEIGHT - 6, text, palette))
    return _svg(HALF_WIDTH, HALF_HEIGHT, f"Distribution of {analysis.metric}", parts, palette)


def _bar(left: float, right: float, top: float, bottom: float, colour: str) -> str:
    gap = BAR_GAP if right - left > 3 * BAR_GAP else 0.0
    size = f'width="{max(right - left - gap, 0.5):.1f}" height="{max(bottom - top, 0):.1f}"'
    return f'<rect x="{left:.1f}" y="{top:.1f}" {size} style="fill:{colour}"/>'


def box_chart(analysis: Analysis, palette: Palette) -> str:
    """Draw Tukey's boxes of the groups side by side."""
    groups = analysis.box.groups
    everything = [v for g in groups for v in (g.lower_whisker, g.upper_whisker, *g.outliers)]
    ticks = value_ticks(min(everything), max(everything), 4)
    y = AxisScale(ticks[0], ticks[-1], HALF_HEIGHT - BOTTOM, TOP)
    room = (HALF_WIDTH - LEFT - RIGHT) / len(groups)
    every = max(1, -(-int(LABEL_ROOM) // max(int(room), 1)))
    parts = [_grid(ticks, y, HALF_WIDTH, palette)]
    for at, group in enumerate(groups):
        middle = LEFT + (at + 0.5) * room
        parts.append(_box(group, middle, min(room * BOX_SHARE, WIDEST_BOX) / 2, y, palette))
        if at % every == 0:
            parts.append(_text(middle, HALF_HEIGHT - 6, group.label, palette))
    return _svg(HALF_WIDTH, HALF_HEIGHT, f"Spread of {analysis.metric}", parts, palette)


def _box(group: BoxGroup, middle: float, half: float, y: AxisScale, palette: Palette) -> str:
    line = f"stroke:{palette.accent};stroke-width:1.2"
    top, bottom, high, low = (y(v) for v in (group.q3, group.q1, group.upper_whisker, group.lower_whisker))
    whiskers = f"M{middle:.1f} {high:.1f}V{top:.1f}M{middle:.1f} {bottom:.1f}V{low:.1f}"
    caps = "".join(f"M{middle - half / 2:.1f} {at:.1f}h{half:.1f}" for at in (high, low))
    size = f'width="{2 * half:.1f}" height="{max(bottom - top, 0.5):.1f}"'
    median = f"M{middle - half:.1f} {y(group.median):.1f}h{2 * half:.1f}"
    dots = "".join(
        f'<circle cx="{middle:.1f}" cy="{y(value):.1f}" r="1.8" style="fill:{palette.medium}"/>'
        for value in group.outliers
    )
    return (
        f'<path d="{whiskers}{caps}" style="{line};fill:none"/>'
        f'<rect x="{middle - half:.1f}" y="{top:.1f}" {size} style="{line};fill:{palette.band}"/>'
        f'<path d="{median}" style="{line};stroke-width:2;fill:none"/>{dots}'
    )


def _grid(ticks: Sequence[float], y: AxisScale, width: float, palette: Palette) -> str:
    lines = "".join(f"M{LEFT} {y(tick):.1f}H{width - RIGHT}" for tick in ticks)
    texts = [
        _text(LEFT - 6, y(tick) + 3.2, text, palette, anchor="end")
        for tick, text in zip(ticks, tick_texts(ticks), strict=True)
    ]
    return f'<path d="{lines}" style="stroke:{palette.line};stroke-width:1;fill:none"/>' + "".join(texts)


def _text(x: float, y: float, text: str, palette: Palette, anchor: str = "middle") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="9.5"'
    return f'<text {place} style="fill:{palette.ink}">{escape(text)}</text>'


def _svg(width: float, height: float, label: str, parts: Iterable[str], palette: Palette) -> str:
    box = f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img" aria-label="{escape(label)}" '
    return f'{head}style="font-family:{palette.font}">' + "".join(parts) + "</svg>"
