"""Four small datasets as a business would export them, with planted anomalies (seeded: the same bytes always)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from domain.datasets.parse_options import ParseOptions
from domain.datasets.sample import Planted, Sample
from domain.errors import NotFoundError
from domain.ports.datasets import Samples

Floats = npt.NDArray[np.float64]
SEED: Final = 2026  # any fixed number: the samples must not change from day to day


@dataclass(frozen=True, slots=True)
class _Recipe:
    sample: Sample
    rows: Callable[[], list[str]]


def _times(start: str, count: int, step: np.timedelta64) -> npt.NDArray[np.datetime64]:
    return np.datetime64(start, "s") + np.arange(count) * step


def _at(times: npt.NDArray[np.datetime64], when: str) -> int:
    return int(np.searchsorted(times, np.datetime64(when, "s")))


def _stamps(times: npt.NDArray[np.datetime64], unit: Literal["D", "m"]) -> list[str]:
    return [str(text).replace("T", " ") for text in np.datetime_as_string(times, unit=unit).tolist()]


def _table(header: str, stamps: list[str], columns: Mapping[str, npt.NDArray[np.str_]]) -> list[str]:
    return [header, *(",".join(cells) for cells in zip(stamps, *(c.tolist() for c in columns.values()), strict=True))]


def _written(values: Floats, digits: int) -> npt.NDArray[np.str_]:
    return np.array([f"{value:.{digits}f}" for value in values])


def _shop() -> list[str]:
    """Two years of daily sales: a weekly rhythm, steady growth, three events and what they were."""
    random = np.random.default_rng(SEED)
    times = _times("2024-11-01", 730, np.timedelta64(1, "D"))
    weekday = (times.astype("datetime64[D]").view("int64") - 4) % 7
    rhythm = np.array([0.92, 0.90, 0.95, 1.00, 1.12, 1.25, 1.06])[weekday]
    orders = 820 * np.exp(0.35 * np.arange(730) / 730) * rhythm * np.exp(0.05 * random.standard_normal(730))
    price = 31.5 * np.exp(0.02 * random.standard_normal(730))
    event = np.full(730, "", dtype="<U24")
    for when, factor, note in (
        ("2025-11-28", 3.1, "flash sale"),
        ("2026-03-12", 0.22, "payment outage"),
        ("2026-06-18", 2.2, "marketing campaign"),
    ):
        orders[_at(times, when)] *= factor
        event[_at(times, when)] = note
    revenue = orders * price
    columns = {"revenue": _written(revenue, 2), "orders": _written(np.round(orders), 0), "event": event}
    return _table("date,revenue,orders,event", _stamps(times, "D"), columns)


def _furnace() -> list[str]:
    """Thirty days of a furnace every ten minutes: a daily cycle, two runaways, a draught, a new set point."""
    random = np.random.default_rng(SEED + 1)
    count = 30 * 144
    times = _times("2026-10-01T00:00", count, np.timedelta64(10, "m"))
    cycle = 4.0 * np.sin(2 * np.pi * np.arange(count) / 144 - 1.2)
    noise = 0.9 * random.standard_normal(count)
    temperature = 842.0 + cycle + noise
    temperature[_at(times, "2026-10-22T06:00") :] += 6.0
    temperature[_at(times, "2026-10-06T02:10") :][:3] += np.array([14.0, 22.0, 11.0])
    temperature[_at(times, "2026-10-17T19:40")] += 19.0
    temperature[_at(times, "2026-10-12T09:20") :][:4] -= np.array([9.0, 15.0, 17.0, 10.0])
    return _table("time,temperature_c", _stamps(times, "m"), {"temperature": _written(temperature, 1)})


def _latency() -> list[str]:
    """Eight weeks of a web service by the hour: office hours, quiet weekends, one bad evening, one lost hour."""
    random = np.random.default_rng(SEED + 2)
    count = 56 * 24
    times = _times("2026-09-07T00:00", count, np.timedelta64(1, "h"))
    hour, day = np.arange(count) % 24, np.arange(count) // 24 % 7
    busy = 1 + 1.6 * np.exp(-(((hour - 14) / 4.5) ** 2)) * np.where(day >= 5, 0.35, 1.0)  # noqa: PLR2004 Saturday on
    requests = 5200 * busy * np.exp(0.05 * random.standard_normal(count))
    latency = 118 * np.sqrt(busy) * np.exp(0.06 * random.standard_normal(count))
    evening = slice(_at(times, "2026-10-08T18:00"), _at(times, "2026-10-08T22:00"))
    latency[evening] *= np.array([2.4, 3.6, 3.2, 2.1])
    requests[_at(times, "2026-10-20T11:00")] *= 0.04
    columns = {"requests": _written(np.round(requests), 0), "latency": _written(latency, 1)}
    return _table("timestamp,requests,p95_latency_ms", _stamps(times, "m"), columns)


def _footfall() -> list[str]:
    """Three years of visitors by the week in German notation: a year's rhythm, a closure, a street festival."""
    random = np.random.default_rng(SEED + 3)
    count = 156
    times = _times("2023-11-06", count, np.timedelta64(7, "D"))
    year = 0.16 * np.cos(2 * np.pi * (np.arange(count) - 6) / 52.18)
    visitors = 14_200 * np.exp(year + 0.045 * random.standard_normal(count))
    visitors[_at(times, "2025-02-10")] *= 0.30
    visitors[_at(times, "2025-08-04")] *= 2.1
    stamps = [f"{text[8:]}.{text[5:7]}.{text[:4]}" for text in _stamps(times, "D")]
    cells = [f"{round(value):,}".replace(",", ".") for value in visitors]
    return ["Woche;Besucher", *(f"{stamp};{cell}" for stamp, cell in zip(stamps, cells, strict=True))]


_RECIPES: Final = (
    _Recipe(
        Sample(
            name="web-shop",
            title="Web shop revenue",
            description="Two years of daily revenue and orders, with a flash sale, an outage and a campaign.",
            file_name="web-shop.csv",
            parse_options=ParseOptions(time_column="date", metric_columns=("revenue", "orders")),
            planted=(
                Planted(date="2025-11-28", metric="revenue", story="flash sale: 3.1 times the usual"),
                Planted(date="2026-03-12", metric="revenue", story="payment outage: a fifth of the usual"),
                Planted(date="2026-06-18", metric="revenue", story="marketing campaign: 2.2 times the usual"),
            ),
        ),
        _shop,
    ),
    _Recipe(
        Sample(
            name="furnace",
            title="Furnace temperature, line 4",
            description="A sensor every ten minutes for 30 days: two runaways, a draught and a new set point.",
            file_name="furnace-line-4.csv",
            parse_options=ParseOptions(time_column="time", metric_columns=("temperature_c",)),
            planted=(
                Planted(date="2026-10-06T02:20", metric="temperature_c", story="runaway: up 22 degrees"),
                Planted(date="2026-10-12T09:40", metric="temperature_c", story="open door: down 17 degrees"),
                Planted(date="2026-10-17T19:40", metric="temperature_c", story="single reading 19 degrees too high"),
            ),
        ),
        _furnace,
    ),
    _Recipe(
        Sample(
            name="web-latency",
            title="Web latency, EU",
            description="Hourly requests and latency of a service over eight weeks: a slow evening and a lost hour.",
            file_name="web-latency-eu.csv",
            parse_options=ParseOptions(time_column="timestamp", metric_columns=("requests", "p95_latency_ms")),
            planted=(
                Planted(date="2026-10-08T19:00", metric="p95_latency_ms", story="slow evening: 3.6 times the usual"),
                Planted(date="2026-10-20T11:00", metric="requests", story="lost hour: 4 % of the usual requests"),
            ),
        ),
        _latency,
    ),
    _Recipe(
        Sample(
            name="footfall",
            title="Store footfall",
            description="Weekly visitors over three years, written the German way (06.11.2023; 14.200).",
            file_name="store-footfall.csv",
            parse_options=ParseOptions(time_column="Woche", metric_columns=("Besucher",), day_first=True),
            planted=(
                Planted(date="2025-02-10", metric="Besucher", story="closed for repairs: 30 % of the usual"),
                Planted(date="2025-08-04", metric="Besucher", story="street festival: 2.1 times the usual"),
            ),
        ),
        _footfall,
    ),
)  # fmt: skip


class GeneratedSamples(Samples):
    """Makes each file when it is asked for."""

    @override
    def all(self) -> tuple[Sample, ...]:
        return tuple(recipe.sample for recipe in _RECIPES)

    @override
    def content(self, name: str) -> bytes:
        for recipe in _RECIPES:
            if recipe.sample.name == name:
                return ("\n".join(recipe.rows()) + "\n").encode()
        names = ", ".join(recipe.sample.name for recipe in _RECIPES)
        raise NotFoundError(f"There is no sample {name!r}. There are: {names}.")
