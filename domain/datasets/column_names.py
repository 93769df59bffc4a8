"""Names of columns as words, and the units that they end with."""

from typing import Final

LONGEST_UNIT: Final = 8  # characters in brackets: beyond that it is a remark
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
SPELLINGS: Final = {  # of abbreviations that names of columns write in small letters; none is also a word
    word.lower(): word
    for word in (
        *("CPU", "GPU", "RAM", "SSD", "IO", "API", "URL", "HTTP", "HTTPS", "TCP", "UDP", "DNS", "SQL", "JVM"),
        *("IP", "ID", "GPS", "SLA", "FPS", "QPS", "RPS", "TPS", "KPI", "ROI", "ROAS", "CTR", "CPC", "CPM"),
        *("CPA", "MRR", "ARR", "ARPU", "GMV", "AOV", "DAU", "WAU", "MAU", "NPS", "SKU", "VAT", "GDP", "CPI"),
        *("FX", "USD", "EUR", "GBP", "INR", "JPY", "BTC", "ETH", "WTI", "LNG", "LPG", "UV", "PV", "AQI"),
        *("CO2", "NO2", "SO2", "NOx", "O3", "PM10", "PM25", "pH", "USA", "UK", "EU", "NYC", "ICU", "COVID"),
        *("kW", "kWh", "MWh", "GWh", "hPa", "kPa", "GB", "MB"),
    )
}
CURRENCIES: Final = frozenset("$€£¥₹")
SIGNS: Final = frozenset("°%/²³µ$€£¥₹")  # what is written with one of these is a unit
DEGREES: Final = {"c": "°C", "f": "°F"}  # only after a temperature


def spoken(name: str) -> str:
    """Write a column's name as words, without its unit: ``Weekly_Sales`` -> ``Weekly Sales``, ``cpu`` -> ``CPU``."""
    return " ".join(SPELLINGS.get(word, word) for word in _parted(name)[0].replace("_", " ").split()) or name


def unit_in(name: str) -> str | None:
    """Return the unit that a column's name ends with: ``latency_ms`` -> ``ms``, ``Price (EUR)`` -> ``€``."""
    return _parted(name)[1]


def _parted(name: str) -> tuple[str, str | None]:
    bracketed = _in_brackets(name)
    if bracketed is not None:
        outside, unit = bracketed
        if unit.lower() in UNITS or SIGNS.intersection(unit):
            return outside, UNITS.get(unit.lower(), unit)
        return name, None  # "Sales (net)"
    stem, mark, last = name.rpartition("_")
    if mark and last.lower() in UNITS:
        return _priced(stem, UNITS[last.lower()])
    if mark and last.lower() in DEGREES and "temp" in stem.lower():
        return stem, DEGREES[last.lower()]
    return name, None


def _in_brackets(name: str) -> tuple[str, str] | None:
    """Return what stands before, and in, the brackets that a name ends with; None if it ends with none."""
    text = name.rstrip()
    opening = max(text.rfind("("), text.rfind("["))
    outside, unit = text[:opening].rstrip(), text[opening + 1 : -1]
    if opening < 1 or text[-1] not in ")]" or not outside or not 1 <= len(unit) <= LONGEST_UNIT:
        return None
    if any(character in ")]" or character.isdigit() for character in unit):
        return None
    return outside, unit.strip()


def _priced(stem: str, unit: str) -> tuple[str, str]:
    """Return name and unit; after a currency the unit is what is paid for: ``price_eur_mwh`` -> ``€/MWh``."""
    rest, mark, currency = stem.removesuffix("_per").rpartition("_")
    if unit in CURRENCIES or UNITS.get(currency.lower()) not in CURRENCIES:
        return stem, unit
    return rest if mark else "price", f"{UNITS[currency.lower()]}/{unit}"


def headline(name: str) -> str:
    """Write a column's name as the beginning of a sentence: ``temp_max`` -> ``Temp max``; ``pH`` stays as it is."""
    text = spoken(name)
    first = text.partition(" ")[0]
    return text if SPELLINGS.get(first.lower()) == first else capital(text)


def capital(text: str) -> str:
    """Write a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
