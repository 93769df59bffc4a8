"""Public holidays of a country and the user's own events: the days that have a name."""

from datetime import date
from functools import lru_cache
from typing import Final

from typing_extensions import override

from domain.detection.baseline.calendar_rules import NamedDay
from domain.errors import InvalidInputError
from domain.struct import Struct

AUTO: Final = "auto"  # the country of the time zone, if the zone is one country's
NO_COUNTRY: Final = "none"
MOST_EVENTS: Final = 500
MOST_YEARS: Final = 300  # of holidays; more is no series that a calendar explains
COUNTRY_OF_CURRENCY: Final = {  # signs and codes of one country; $, ¥, kr and € have several
    "£": "GB",
    "₹": "IN",
    "INR": "IN",
    "₩": "KR",
    "₺": "TR",
    "₪": "IL",
    "₫": "VN",
    "฿": "TH",
    "₴": "UA",
    "₱": "PH",
    "R$": "BR",
    "A$": "AU",
    "C$": "CA",
    "US$": "US",
    "CHF": "CH",
}
EPOCH: Final = date(1970, 1, 1)
NAME_CHARACTERS: Final = 100


class Country(Struct, frozen=True):
    """A country whose public holidays are known: its ISO 3166 code, and its name in English."""

    code: str
    name: str


class CountryList(Struct, frozen=True):
    """Countries by name."""

    items: tuple[Country, ...]


class NamedEvent(Struct, frozen=True):
    """An event of the user: on this date (ISO 8601) something with this name happens."""

    date: str
    name: str

    @override
    def __str__(self) -> str:
        """Write it as ``event_of`` reads it."""
        return f"{self.date} {self.name}"


def event_of(text: str, field: str = "events") -> NamedEvent:
    """Read an event like ``2024-11-29 Sale``.

    Raises:
        InvalidInputError: not a date and a name; ``field`` is what the user calls it.
    """
    day, _, name = text.strip().partition(" ")
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise InvalidInputError(
            f"{field}: {text.strip()[:NAME_CHARACTERS]!r} is not possible; write a date and a name like "
            "2024-11-29 Sale.",
            field=field,
        ) from error
    return NamedEvent(date=day, name=name.strip()[:NAME_CHARACTERS] or "event")


def country_of(text: str, field: str = "country") -> str:
    """Read a country: ISO 3166 code (DE), ``auto`` or ``none``.

    Raises:
        InvalidInputError: no country whose public holidays are known.
    """
    import holidays  # noqa: PLC0415 - 150 countries take a moment to load; most requests name none

    chosen = text.strip()
    if chosen.lower() in {AUTO, NO_COUNTRY}:
        return chosen.lower()
    code = chosen.upper()
    if code not in holidays.list_supported_countries(include_aliases=False):
        raise InvalidInputError(
            f"{field}: {chosen[:NAME_CHARACTERS]!r} is not possible; write a country's two letters like DE, or none.",
            field=field,
        )
    return code


@lru_cache(1)
def countries() -> tuple[Country, ...]:
    """Return the countries whose public holidays are known, by name."""
    import holidays  # noqa: PLC0415 - as above
    from babel import Locale  # noqa: PLC0415 - as above

    names = Locale("en").territories
    known = holidays.list_supported_countries(include_aliases=False)
    return tuple(sorted((Country(code=code, name=names.get(code, code)) for code in known), key=lambda one: one.name))


def resolve_country(country: str | None, time_zone: str, unit: str | None = None) -> tuple[str | None, str]:
    """Return the country whose holidays count (None without one), and why it is that one.

    Args:
        country: what was chosen.
        time_zone: of the dataset.
        unit: of the metric: a currency that one country has says where it is.
    """
    if country is None or country == NO_COUNTRY:
        return None, "No country was chosen: no public holidays count."
    if country != AUTO:
        return country, "This country was chosen."
    from babel.core import get_global  # noqa: PLC0415 - as above

    territory = get_global("zone_territories").get(time_zone)
    if territory and territory.isalpha() and len(territory) == 2:  # noqa: PLR2004 - ISO 3166
        return territory, f"The country of the time zone {time_zone}."
    if unit in COUNTRY_OF_CURRENCY:
        return COUNTRY_OF_CURRENCY[unit], f"The country of the currency {unit}."
    return None, f"Neither the time zone {time_zone} nor a currency names one country: no public holidays count."


def named_days(
    country: str | None, events: tuple[NamedEvent, ...], first_year: int, last_year: int
) -> tuple[NamedDay, ...]:
    """Return the days of these years that have a name, the user's events first.

    Args:
        country: two letters; None for no holidays.
        events: of the user.
        first_year: of the series.
        last_year: of the series.
    """
    own = tuple(NamedDay(day=(date.fromisoformat(e.date) - EPOCH).days, name=e.name) for e in events)
    if country is None or last_year - first_year > MOST_YEARS:
        return own
    return (*own, *_holidays(country, first_year, last_year))


@lru_cache(64)
def _holidays(country: str, first_year: int, last_year: int) -> tuple[NamedDay, ...]:
    import holidays  # noqa: PLC0415 - as above

    years = range(first_year, last_year + 1)
    try:
        calendar = holidays.country_holidays(country, years=years, language="en_US")
    except NotImplementedError:
        return ()
    return tuple(NamedDay(day=(day - EPOCH).days, name=name) for day, name in sorted(calendar.items()))
