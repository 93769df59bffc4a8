"""What the name of a column says: a time or a part of it, a name of things, a total. In several languages."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PART_WORDS: Final = {
    "date": "date datum fecha data dato päivä dátum дата 日付 日期 날짜 tarih day tag jour dia giorno dzień "
    "tradedate calendardate",
    "clock": "time hour hr hh hrs clock uhrzeit zeit heure hora ora tid tijd czas время час 時刻 时间 時間 시간 saat "
    "hours interval hourending he heures horas ore stunden uren godziny",
    "year": "year yr yy yyyy jahr año ano anno année annee jaar år rok год yıl 年 yearid y",
    "month": "month mon mm mo monat mois mes mese maand måned månad miesiąc месяц ay 月 m",
    "day": "day dd dy dom dayofmonth dateofmonth monthday mday tag jour día dia giorno dag dzień день gün 日 d",
    "hour": "hour hr hh h stunde heure hora ora uur time godzina час saat hours he hourending",
    "minute": "minute min mi mn mm minuten minutes mins mm minuto",
    "second": "second sec ss seconds s sekunde",
    "quarter": "quarter qtr q quartal trimestre kwartaal kvartal kwartał квартал",
    "week": "week wk isoweek kw woche semaine semana settimana vecka uge weeknum weeknumber w",
    "doy": "doy dayofyear yday julian jday julianday",
}
PARTS: Final = {part: _words(words) for part, words in _PART_WORDS.items()}
_WEEKDAYS: Final = _words("weekday dayofweek daysofweek dow wday wochentag weekdag")
# Times of the record rather than of what it tells, and times of another matter: a last choice.
RECORD: Final = _words(
    "created updated modified loaded ingested inserted processed exported imported extracted retrieved fetched changed "
    "update updates revised published edited sync synced etl load entry audit lastupdate"
)
OTHER_MATTER: Final = _words(
    "birth dob born birthday birthdate geburt geburtsdatum naissance nacimiento hired expiry expires expiration due "
    "deadline valid until closed resolved end stop finish ended finished"
)
EVENT: Final = _words("timestamp time date datetime event occurred observed measured ds ts recorded period")
TOTAL: Final = _words(
    "all total totals overall sum gesamt insgesamt summe totale totaal ensemble tous toutes todos todas tutti alle "
    "grand_total together combined world worldwide national nationwide totalt suma razem всего итого 合計 总计 합계"
)
METRIC_NAME: Final = _words(
    "metric metrics variable var indicator indicators measure measurement parameter param kpi series field item "
    "quantity attribute element statistic pollutant analyte indikator merkmal kennzahl indicateur variabele "
    "indicatore _field name sensor signal tag channel point"
)
SURE_METRIC_NAME: Final = METRIC_NAME - _words("item name sensor tag channel point series")
VALUE: Final = _words(
    "value val values amount wert valeur valor valore waarde obs obs_value obsvalue observation _value reading result "
    "figure y count cnt n quantity measurement data datavalue"
)
FREQUENCY: Final = _words("freq frequency periodicity periodtype interval_type")
_NAMES_OF_THINGS: Final = _words(
    "id ids uuid guid code codes zip zipcode postcode plz postal sku ean upc gtin isbn issn idx rownum rowid row "
    "rownumber recordid objectid port ports phone telephone tel mobile fax imei ssn vat account accountno fips geoid "
    "cd pid asn cep dni nif siret siren iban ordinal serial seq sequence lineid nummer"
)
_DOCUMENT: Final = _words("invoice order ticket transaction customer receipt document ref rechnung bestellung facture")
_BESIDE: Final = _words(
    "confidence quality flag flags stderr stddev std sd se error ci lower upper min max low high variance var rank "
    "lat lon latitude longitude lng version status weight uncertainty qc target goal budget"
)
KEY_FIGURE: Final = _words(
    "sales revenue amount total value price cost count orders quantity qty volume turnover income profit temperature "
    "temp load demand consumption requests visits users sessions cases deaths births passengers traffic power energy "
    "umsatz betrag wert preis anzahl menge absatz verbrauch ventes montant prix chiffre ventas importe precio monto "
    "vendite importo prezzo vendas valor выручка сумма продажи 売上 金額 销售额 金额 매출 close kwh"
)


def tokens(name: str) -> list[str]:
    """Split a column's name into lower-case words: ``tradeDate_local`` -> trade, date, local."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name[:200]).lower()
    return re.findall(r"[^\W_]+", spaced)


def is_part(name: str, part: str) -> bool:
    """Return whether a name is that of a part of the time: alone, or as the last of few words ("sale year")."""
    words = tokens(_AGAIN.sub("", _IN_BRACKETS.sub("", name[:200])))
    if not words or len(words) > 3 or (part == "day" and _is_weekday(words)):  # noqa: PLR2004 - a phrase
        return False
    long = {word for word in PARTS[part] if len(word) > 1} - _UNITS
    return "".join(words) in PARTS[part] or (words[0] in long or words[-1] in long) or words == [part]


_IN_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^\]]*\]")  # a unit, a zone, a pattern: "Pluie (mm)"
_AGAIN: Final = re.compile(r"_\d$")  # what a name that comes again gets behind it
_UNITS: Final = _words("mm dd hh ss min mins sec hr hrs s h m")  # parts of a date only if nothing else is in the name


def _is_weekday(words: Sequence[str]) -> bool:
    """Return whether words name a day of the week (or of the year), which is no day of a month."""
    return "".join(words) in _WEEKDAYS or words[-1] in {"week", "year", "name"}


def says(name: str, words: frozenset[str]) -> bool:
    """Return whether a name holds one of these words, or is one written in several."""
    parts = tokens(name)
    return not words.isdisjoint(parts) or "".join(parts) in words or name.strip().lower() in words


def nameless(name: str) -> bool:
    """Return whether a column has no name of its own: what readers and spreadsheets call such columns."""
    text = name.strip().lower()
    return not text or bool(re.fullmatch(r"(?:column_?|unnamed: ?|field_?|_)\d+", text)) or text in {"#", "nr", "no"}


def names_things(name: str, cells: Sequence[str]) -> str:
    """Return why a column of numbers only names things, "" if it does not look so.

    Args:
        name: of the column.
        cells: a sample in the file's order, without missing cells.
    """
    texts = [cell.strip() for cell in cells]
    if len(texts) < 2:  # noqa: PLR2004 - one cell proves nothing
        return ""
    if _coordinates(name, texts):
        return "its name and its numbers are those of a place on the earth"
    if sum(bool(_CODED.match(text[:40])) for text in texts) > len(texts) / 2:
        return "its cells begin with a code"
    whole = [text.removesuffix(".0") for text in texts]  # an integer with missing cells, as pandas writes it
    digits = [text for text in whole if text.lstrip("-").isdecimal()]
    if len(texts) - len(digits) > min(2, len(texts) // 10):
        return ""
    if any(len(text) > 1 and text[0] == "0" for text in digits):
        return "its numbers begin with zeros, as codes do"
    return _numbers_things(name, digits) or _numbers_rows(name, digits)


_CODED: Final = re.compile(r"0\d+ [^\W\d]|\d{1,8}[A-Za-z]{1,4}\d{3}", re.ASCII)  # "00 Riket", "2016A000011124"


def identifies(name: str) -> bool:
    """Return whether a name says that its numbers identify things: "RespondentID", "store_no"."""
    words = tokens(name)
    last = words[-1] if words else ""
    numbered = len(words) > 1 and last in {"no", "nr", "nbr", "num", "number", "key"}
    named = last in _NAMES_OF_THINGS or _IDENTIFIER.fullmatch(last) or _NUMBER_OF_THINGS.fullmatch(last)
    return bool(named) or (numbered and not _THINGS.isdisjoint(words[:-1]))


def _numbers_things(name: str, digits: Sequence[str]) -> str:
    if identifies(name) or (tokens(name)[-1:] == ["index"] and _counts_rows(digits)):
        return "its name says that it numbers things"
    long = min(len(text) for text in digits) >= 8  # noqa: PLR2004 - digits of a telephone or an invoice number
    if long and len(set(digits)) == len(digits) and len({len(text) for text in digits}) == 1 and _ascending(digits):
        return "its long numbers differ in every row, as document numbers do" if says(name, _DOCUMENT) else ""
    return ""


_RECORDS: Final = _words("record recordno recno rec row rown obs observation lfd rn instant")


def _numbers_rows(name: str, digits: Sequence[str]) -> str:
    if "".join(tokens(name)) in _RECORDS and all(int(b) - int(a) == 1 for a, b in pairwise(digits[:100])):
        return "its name and its steps of one say that it numbers the rows"
    index = (nameless(name) and _counts_rows(digits)) or _INDEX.fullmatch(name.strip().lower())
    if name.strip().lower() == "index" and 10 * min(map(int, digits)) > max(map(int, digits)):
        return ""  # of prices, of production
    return "it has no name and differs in every row" if index and len(set(digits)) == len(digits) else ""


# What programs call the numbers of the rows that they write in front of a table.
_INDEX: Final = re.compile(r"column_1|unnamed: ?0|__index_level_\d__|rownames?|row\.names|level_0|index")
_THINGS: Final = _words(
    "store shop order invoice line row item customer client ticket account flight train bus room seat house phone "
    "serial "
    "part batch lot case patient user employee player jersey route station branch dept department document receipt "
    "transaction ref tracking po vehicle sensor device meter site article product material vendor supplier job model "
    "contract policy license licence plate building apartment unit street student school class series record site "
    "filial kunden auftrag rechnung artikel beleg konto haus personal pedido factura cliente commande facture"
)
_ALTERNATIVES: Final = "|".join(sorted(_THINGS))
_IDENTIFIER: Final = re.compile(
    rf"(?:{_ALTERNATIVES}|session|trip|ride|event|post|tweet|video|team|game|location|city)ids?"
)
_NUMBER_OF_THINGS: Final = re.compile(rf"(?:{_ALTERNATIVES})(?:num|number|nr|nbr|no|code)")


def _coordinates(name: str, texts: Sequence[str]) -> bool:
    """Return whether numbers are degrees of latitude or longitude, which are no quantity of anything."""
    words = set(tokens(name))
    limit = 90 if words & {"lat", "latitude"} else 180 if words & {"lon", "lng", "long", "longitude"} else 0
    if not limit:
        return False
    try:
        return all(abs(float(text)) <= limit for text in texts)
    except ValueError:
        return False


def _counts_rows(texts: Sequence[str]) -> bool:
    numbers = [int(text) for text in texts[:100]]
    return all(after > before for before, after in pairwise(numbers)) and numbers[0] in {0, 1}


def _ascending(texts: Sequence[str]) -> bool:
    return list(texts) == sorted(texts)


_RANGES: Final = {
    "year": (1600, 2299),
    "month": (1, 12),
    "quarter": (1, 4),
    "week": (1, 53),
    "doy": (1, 366),
    "day": (1, 31),
    "hour": (0, 24),
    "minute": (0, 59),
}


def part_of_calendar(name: str, cells: Sequence[str]) -> bool:
    """Return whether a column is a part of the calendar, which no metric is: by its name and what it holds."""
    whole = [int(text) for cell in cells if (text := cell.strip().removesuffix(".0")).isdecimal()]
    if len(name) < 2 or not whole or len(whole) < len(cells):  # noqa: PLR2004 - a letter alone is any quantity
        return False
    words = tokens(name)
    word = "".join(words)
    if words[-1:] in (["year"], ["yr"]) and min(whole) >= _RANGES["year"][0] and max(whole) <= _RANGES["year"][1]:
        return True  # also behind a phrase: "record max temp year"
    if len(set(whole)) == 1 and len(whole) > 1 and word in PARTS["clock"]:
        return True  # a clock that stands still
    if word in _WEEKDAYS:
        return max(whole) <= 7  # noqa: PLR2004 - days of a week
    # "Day" and "hour" are also what things are counted by ("sick days"): only alone they are parts of a date.
    alone = {"day", "hour", "minute"}
    parts = [part for part in _RANGES if (word in PARTS[part] if part in alone else is_part(name, part))]
    return any(_RANGES[part][0] <= min(whole) and max(whole) <= _RANGES[part][1] for part in parts)


def standing(name: str) -> int:
    """Return where a metric stands: 0 for what a person looks at first, 1, or 2 for what goes with others."""
    spaced = re.sub(r"\b\d+ ?min\b", "", name.lower())  # "10 min mean" is of ten minutes, no minimum
    words = set(tokens(spaced))
    if words & KEY_FIGURE and not words & (_BESIDE | {"unit", "per"}):
        return 0
    return 2 if words & _BESIDE else 1
