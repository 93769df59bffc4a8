"""Month and weekday names of other languages, written in English: Unicode's locale data through babel."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from babel import Locale

from adapters.duckdb.reader.columns.time_formats import MONTHS

# The languages with most web content and their neighbours; all come with babel.
LANGUAGES: Final = (
    *("de", "fr", "es", "it", "pt", "nl", "pl", "ru", "tr", "cs", "sv", "da", "nb", "fi", "hu", "ro", "uk", "el"),
    *("id", "vi", "bg", "hr", "sk", "sl", "sr", "sr_Latn", "et", "lt", "lv", "ca", "gl", "eu", "is", "ar", "fa", "he"),
    *("hi", "bn", "th", "ms", "sw", "af", "az", "sq", "mk", "ka", "hy", "kk"),
)
_THAI_PARTICLES: Final = {
    "วันที่ ": "",
    "วันที่": "",
    "ที่ ": "",
    "ที่": "",
    "พ.ศ. ": "",
    "พ.ศ.": "",
    "เวลา ": "",
    " น.": "",
}  # day, era, clock
# What is no name of a month or weekday and still stands inside a date: particles, and the signs of East Asia.
_PARTICLES: Final = {" de ": " ", " del ": " ", " г.": "", " года": "", " р.": "", " a. m.": " am", " p. m.": " pm"}
_SIGNS: Final = {
    "年": "-",
    "月": "-",
    "日": " ",
    "時": ":",
    "时": ":",
    "点": ":",
    "分": ":",
    "秒": " ",
    "년 ": "-",
    "월 ": "-",
    "년": "-",
    "월": "-",
    "일": " ",
    "시 ": ":",
    "분 ": ":",
    "시": ":",
    "분": ":",
    "초": " ",
}
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_LONG: Final = ("january", "february", "march", "april", "june", "july", "august", "september", "october", "november")
_ENGLISH: Final = frozenset((*MONTHS, *_LONG, "sept", "december", "am", "pm"))


def words_of(cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return what to replace so that these cells are English, longest first; nothing where no language explains them.

    Args:
        cells: of one column, some of which hold a name of a month in any language.
    """
    texts = [cell.strip().lower() for cell in cells[:200] if any(sign.isdecimal() for sign in cell)]
    if any(sign in text for text in texts for sign in "年년時时시"):
        return tuple(_SIGNS.items())
    if (thai := _thai_words(texts)) is not None:
        return thai
    words = {word for text in texts for word in _LETTERS.findall(text)}
    strange = {word for word in words if len(word) > 2 and word not in _ENGLISH}  # noqa: PLR2004 - as months are abbreviated
    if not strange or len(strange) > 60 or not any(word[:3] in _starts() for word in strange):  # noqa: PLR2004 - 12 months, 7 days, twice
        return ()
    best: Mapping[str, str] = {}
    score = 0
    for language in LANGUAGES:
        names = _names(language)
        known = sum(word in names for word in strange)
        if known > score:
            best, score = names, known
    if score < 0.8 * len(strange):
        return ()
    used = {word: english for word, english in best.items() if word in words or any(c in word for c in ". ")}
    months = {word: english for word, english in best.items() if english in MONTHS}
    table = {**months, **used, **_PARTICLES}
    return tuple(sorted(table.items(), key=lambda pair: -len(pair[0])))


def _thai_words(texts: Sequence[str]) -> tuple[tuple[str, str], ...] | None:
    """Return the Thai names if most texts hold one: their vowel signs and dots are no letters to split words at."""
    probes = [text for text in texts if not text.isascii()]
    if not probes or not any("\u0e01" <= sign <= "\u0e5b" for sign in probes[0]):
        return None
    names = _names("th")
    if sum(any(name in text for name in names) for text in probes) < 0.8 * len(texts):
        return None
    return tuple(sorted({**names, **_THAI_PARTICLES}.items(), key=lambda pair: -len(pair[0])))


@cache
def _names(language: str) -> Mapping[str, str]:
    """Return a language's names of months (to "jan") and weekdays (to nothing), in lower case."""
    locale = Locale.parse(language)
    out: dict[str, str] = {}
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for day in locale.days[form][width].values():
                out.update(dict.fromkeys(_spellings(day), ""))
            for number, month in locale.months[form][width].items():
                out.update(dict.fromkeys(_spellings(month), MONTHS[number - 1]))
    return out


def _spellings(name: str) -> set[str]:
    lower = name.lower()
    bare = lower.rstrip(".")
    return {spelled for spelled in (bare, lower) if len(bare) > 2 and not bare.isdecimal()}  # noqa: PLR2004 - "m" is no month


@cache
def _starts() -> frozenset[str]:
    return frozenset(name[:3] for language in LANGUAGES for name in _names(language))


def in_english(cell: str, words: Sequence[tuple[str, str]]) -> str:
    """Replace the names in a cell."""
    text = cell.lower()
    for old, new in words:
        text = text.replace(old, new)
    return text.strip()


def months_named(names: Sequence[str]) -> list[int]:
    """Return the month (1 to 12) that each name is in the language that knows most of them; 0 for no month."""
    words = [name.strip().lower().rstrip(".") for name in names]
    best = [0] * len(words)
    for language in ("en", *LANGUAGES):
        known = _names(language)
        months = [MONTHS.index(known[word]) + 1 if known.get(word) else 0 for word in words]
        if sum(map(bool, months)) > sum(map(bool, best)):
            best = months
    return best
