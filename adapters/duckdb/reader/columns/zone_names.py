"""Names of time zones behind a clock: what each means, and which mean several things."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from adapters.duckdb.sql_text import literal

ZONE_PATTERN: Final = r"([Zz]|[+-]\d{1,2}(?::?\d{2})?|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[A-Z]{3,5})"
# Minutes east of UTC, as the IANA database abbreviates its zones (2026a).
MINUTES: Final = {
    **dict.fromkeys(("Z", "z", "UTC", "GMT", "WET"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST", "WAT"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "CAT", "SAST"), 120),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 180),
    **dict.fromkeys(("JST", "KST"), 540),
    **dict.fromkeys(("HKT", "SGT", "AWST", "PHT", "MYT"), 480),
    "PKT": 300,
    "NPT": 345,
    "WIB": 420,
    "WITA": 480,
    "WIT": 540,
    "ACST": 570,
    "ACDT": 630,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "NDT": -150,
    "NST": -210,
    "BRT": -180,
    "ART": -180,
    "ADT": -180,
    "EDT": -240,
    "EST": -300,
    "CDT": -300,
    "MDT": -360,
    "MST": -420,
    "PDT": -420,
    "PST": -480,
    "AKDT": -480,
    "AKST": -540,
    "HST": -600,
}
# Zones that use one name for different clocks; the user's own time zone settles which is meant.
AMBIGUOUS: Final = {
    "CST": ("America/Chicago", "Asia/Shanghai", "America/Havana"),
    "IST": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "BST": ("Europe/London", "Asia/Dhaka"),
    "AST": ("America/Halifax", "Asia/Riyadh"),
}
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,4})")
_PROBES: Final = (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC))  # winter and summer


def known_zone(text: str) -> bool:
    """Return whether a text behind a clock is an offset or the name of a zone."""
    return not text or text[-1].isdecimal() or text in MINUTES or text in AMBIGUOUS


def minutes_of(text: str, zones: tuple[tuple[str, int | None], ...] = ()) -> int:
    """Return minutes east of UTC of an offset ("+02:00", "GMT-5") or a zone's name; 0 where there is none."""
    match = _OFFSET.fullmatch(text.replace(":", ""))
    if match is None:
        return dict(zones).get(text) or MINUTES.get(text, 0)
    digits = int(match[2])
    minutes = digits * 60 if len(match[2]) <= 2 else digits // 100 * 60 + digits % 100  # noqa: PLR2004 - hours alone
    return -minutes if match[1] == "-" else minutes


def settled(name: str, zone: str) -> int | None:
    """Return what a zone's name means to a user in that IANA zone; None if it is ambiguous and the zone has no such."""
    if name not in AMBIGUOUS:
        return MINUTES.get(name)
    for probe in _PROBES:
        local = probe.astimezone(ZoneInfo(zone))
        offset = local.utcoffset()
        if local.tzname() == name and offset is not None:
            return int(offset.total_seconds() // 60)
    return None


def minutes_sql(text: str, zones: tuple[tuple[str, int | None], ...]) -> str:
    """Return SQL for the minutes of an offset or name; NULL for a name that is not among ``zones``."""
    digits = f"replace(regexp_extract({text}, '[0-9:]+$'), ':', '')"
    hours = f"length({digits}) <= 2"
    size = f"(CASE WHEN {hours} THEN {digits}::INT * 60 ELSE {digits}::INT // 100 * 60 + {digits}::INT % 100 END)"
    offset = f"{size} * CASE WHEN contains({text}, '-') THEN -1 ELSE 1 END"
    named = "".join(f" WHEN {literal(name)} THEN {minutes}" for name, minutes in zones if minutes is not None)
    names = f"CASE {text}{named} WHEN 'Z' THEN 0 WHEN 'z' THEN 0 WHEN 'UTC' THEN 0 WHEN 'GMT' THEN 0 END"
    return f"CASE WHEN {text} = '' THEN 0 WHEN regexp_matches({text}, '[0-9]$') THEN {offset} ELSE {names} END"
