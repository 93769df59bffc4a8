"""Names of columns as words, and the units that they end with."""

import re
from typing import Final

IN_BRACKETS: Final = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]\d]{1,8})[)\]]\s*")
UNITS: Final = {  # as names of columns write them; only such as are hardly ever a word of the name itself
    **{unit: unit for unit in ("ms", "kg", "km", "mm", "cm", "ppm", "rpm", "mph", "bpm", "psi")},
    **{unit.lower(): unit for unit in ("kW", "kWh", "MW", "MWh", "GWh", "hPa", "kPa", "GB", "MB", "km/h", "m/s", "m³")},
    "pct": "%",
    "percent": "%",
    "celsius": "°C",
    "fahrenheit": "°F",
    "kmh": "km/h",
    "sec": "s",
    "seconds": "s",
    "eur": "€",
    "usd": "$",
    "gbp": "£",
    "inr": "₹",
    "jpy": "¥",
}
SIGNS: Final = frozenset("°%/²³µ$€£¥₹")  # what is written with one of these is a unit
DEGREES: Final = {"c": "°C", "f": "°F"}  # only after a temperature


def spoken(name: str) -> str:
    """Write a column's name as words, without its unit: ``Weekly_Sales`` -> ``Weekly Sales``."""
    return " ".join(_parted(name)[0].replace("_", " ").split()) or name


def unit_in(name: str) -> str | None:
    """Return the unit that a column's name ends with: ``latency_ms`` -> ``ms``, ``Price (EUR)`` -> ``€``."""
    return _parted(name)[1]


def _parted(name: str) -> tuple[str, str | None]:
    bracketed = IN_BRACKETS.fullmatch(name)
    if bracketed is not None:
        unit = bracketed["unit"].strip()
        if unit.lower() in UNITS or SIGNS.intersection(unit):
            return bracketed["name"], UNITS.get(unit.lower(), unit)
        return name, None  # "Sales (net)"
    stem, mark, last = name.rpartition("_")
    if mark and last.lower() in UNITS:
        return stem, UNITS[last.lower()]
    if mark and last.lower() in DEGREES and "temp" in stem.lower():
        return stem, DEGREES[last.lower()]
    return name, None


def headline(name: str) -> str:
    """Write a column's name as the beginning of a sentence: ``temp_max`` -> ``Temp max``."""
    words = spoken(name)
    return words[:1].upper() + words[1:]
