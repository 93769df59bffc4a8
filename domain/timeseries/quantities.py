"""What kind of quantity a metric is, one that adds up or a level that is averaged: by its unit, name and values."""

import re
from typing import Final

from domain.timeseries.aggregation import Aggregate, MetricProfile


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A level outranks an amount ("revenue_pct" is a share, "order_value_avg" an average).
_LEVEL: Final = _words(
    "temperature temp price rate ratio pct percent percentage index latency score load avg average mean median "
    "level humidity pressure speed voltage current cpi unemployment age duration delay share share_pct "
    "utilization utilisation usage cpu balance stock inventory rating min max minimum maximum std dev year id "
    "degree degrees depth height weight density ph frequency power mw watt kw demand close open high low exchange "
    "fx yield interest stddev variance margin probability prob lat lon latitude longitude wind rank position "
    "celsius fahrenheit per p50 p90 p95 p99 value store shop branch dept department code zip postcode key "
    "concentration incidence prevalence hpa mbar ppm ppb db rpm bpm hz nox no2 o3 so2 co2 pm10 pm25 ozone "
    "altitude expectancy salinity capacity magnitude "
    # German, Dutch, Scandinavian
    "preis kurs temperatur mittel mittelwert durchschnitt anteil quote satz inzidenz druck luftdruck feuchte "
    "luftfeuchte luftfeuchtigkeit pegel wasserstand bestand lagerbestand geschwindigkeit konzentration auslastung "
    "leistung prijs koers temperatuur gemiddeld gemiddelde percentage druk pris temperatur medel andel "
    # French, Spanish, Portuguese, Italian
    "prix cours taux moyenne pression humidité vitesse niveau proportion precio tasa promedio media presión "
    "humedad velocidad nivel porcentaje temperatura preço taxa umidade nível prezzo tasso pressione umidità "
    "velocità livello "
    # Slavic and East Asian languages
    "cena kurs średnia udział poziom ciśnienie цена курс температура средняя среднее доля давление влажность "
    "уровень"
)
_AMOUNT: Final = _words(
    "revenue sales sale order orders count counts cnt qty quantity total totals visits visitors bytes amount "
    "amounts cost costs spend income profit units sold clicks views impressions sessions users signups events "
    "requests hits errors transactions payments volume precipitation rainfall rain energy kwh mwh items number "
    "num calls tickets downloads uploads passengers trips deaths cases births arrivals departures purchases "
    "refunds expense expenses turnover earnings donations packets messages steps calories distance markdown "
    "installs registrations incidents failures bookings shipments pageviews conversions leads gwh wh fare fares "
    "tips "
    # German, Dutch, Scandinavian
    "umsatz erlös erlöse einnahmen ausgaben kosten betrag summe anzahl menge absatz verbrauch besucher fälle "
    "faelle meldungen todesfälle todesfaelle bestellungen niederschlag energie omzet aantal bedrag hoeveelheid "
    "verkoop bezoekers antal försäljning salg omsætning belopp myynti määrä "
    # French, Spanish, Portuguese, Italian
    "ventes vente montant nombre quantité dépenses recettes visites cas décès ventas venta ingresos importe monto "
    "cantidad número casos visitas gastos vendas receita quantidade óbitos valor_total vendite ricavi importo "
    "quantità casi deceduti numero visitatori "
    # Slavic languages
    "sprzedaż liczba ilość kwota przychody выручка продажи продаж сумма количество число доход расход"
)
# Scripts without blanks between words: parts of names.
_LEVEL_SIGNS: Final = (
    "価格",
    "価額",
    "价格",
    "単価",
    "単价",
    "单价",
    "가격",
    "気温",
    "温度",
    "온도",
    "平均",
    "평균",
    "率",
    "湿度",
    "気圧",
)
_AMOUNT_SIGNS: Final = (
    "売上",
    "売り上げ",
    "销售额",
    "銷售額",
    "매출",
    "金額",
    "金额",
    "件数",
    "数量",
    "人数",
    "건수",
    "합계",
    "合計",
    "总计",
)
_MONEY: Final = _words("usd eur gbp chf jpy cny inr aud cad sek nok dkk pln czk huf brl mxn krw rub try zar")
_MONEY_SIGNS: Final = "$€£¥₹₩₽₺₴฿"
_ADDING_UNITS: Final = _words("kwh mwh gwh wh kj mj gj b kb mb gb tb kib mib gib tib pcs stk")
_TIME_UNITS: Final = _words("s sec second min minute h hr hour d day wk week mo month y yr year tag")
_BASES: Final = _TIME_UNITS | _words(
    "kwh mwh gwh kg g mg t to ton tonne tonnes lb lbs l ml m m2 m3 m² m³ km km2 km² cm2 mi ha acre bbl barrel gallon "
    "unit person capita head customer user employee household stück piece item cow 100k 1000 100000 million mile"
)
# "EUR/MWh", "W/m^2", "€ / kg": what is behind the bar is a unit, before it stands something.
_RATIO: Final = re.compile(r"[^\s/] ?/ ?([^\W_]{1,10})", re.UNICODE)
_COMPOUND: Final = 5  # letters: shorter words end too many others
_NEVER_NEAR_ZERO: Final = 0.5  # of the maximum: counts of the same things differ by more; readings of a level stay near
_LEAST: Final = 20  # of a maximum: below it "half" is a handful


def quantity_of(name: str, unit: str | None, profile: MetricProfile) -> tuple[Aggregate, str]:
    """Return what becomes of several values of one point, and why.

    Args:
        name: of the column.
        unit: the sign that its numbers carry, if one does.
        profile: what its values look like.

    Returns:
        ``SUM`` or ``MEAN``, and the reason in one sentence.
    """
    if ratio := _ratio(name) or _ratio(unit or ""):
        return Aggregate.MEAN, f"“{name}” is a ratio (“{ratio}”), so values are averaged."
    words = _tokens(name)
    level = _told(words, name, _LEVEL, _LEVEL_SIGNS)
    amount = _told(words, name, _AMOUNT, _AMOUNT_SIGNS)
    money = next((sign for sign in _MONEY_SIGNS if sign in name or sign in (unit or "")), None)
    money = money or next((word for word in (*words, *_tokens(unit or "")) if word in _MONEY), None)
    if amount and level in {None, "value"} and profile.minimum >= 0:
        return Aggregate.SUM, f"“{name}” is an amount (“{amount}”, never negative), so values add up."
    if amount and level is None:
        return Aggregate.SUM, f"“{name}” is named like an amount (“{amount}”), so values add up."
    if money and level in {None, "value"}:
        return Aggregate.SUM, f"“{name}” is money (“{money}”), so values add up."
    if level:
        return Aggregate.MEAN, f"“{name}” is a level (“{level}”), so values are averaged."
    return _by_unit(name, unit) or _by_values(name, profile)


def _by_unit(name: str, unit: str | None) -> tuple[Aggregate, str] | None:
    if not unit:
        return None
    if unit.lower() in _ADDING_UNITS:
        return Aggregate.SUM, f"“{name}” is measured in {unit}, so values add up."
    return Aggregate.MEAN, f"“{name}” is measured in {unit}, as a level is, so values are averaged."


def _by_values(name: str, profile: MetricProfile) -> tuple[Aggregate, str]:
    if not profile.all_integers or profile.minimum < 0:
        return Aggregate.MEAN, f"Nothing says that “{name}” adds up, so values are averaged."
    low, high = profile.minimum, profile.maximum
    if high is not None and high >= _LEAST and low >= _NEVER_NEAR_ZERO * high and low < high:
        return Aggregate.MEAN, (
            f"“{name}” stays between {low:,.6g} and {high:,.6g}, as a level does and a count does not, so values are"
            " averaged."
        )
    return Aggregate.SUM, f"“{name}” holds counts (whole numbers, never negative), so values add up."


def _ratio(text: str) -> str:
    """Return the ratio that a name or a unit gives ("EUR/MWh"), "" if none."""
    ratio = next((match for match in _RATIO.finditer(text[:200]) if match[1].lower() in _BASES), None)
    if ratio is None:
        return ""
    before = re.findall(r"[^\s()\[\]/]+", text[:200][: ratio.start() + 1])
    return f"{before[-1] if before else ''}/{ratio[1]}"


def _told(words: list[str], name: str, units: frozenset[str], signs: tuple[str, ...]) -> str | None:
    """Return the word of a name that says what it is: whole, at the end of a compound, or a sign."""
    stems = (word.rstrip("0123456789") for word in words)  # "visits2", though not of "no2"
    whole = next((word for word in words if word in units), None) or next(
        (stem for stem in stems if len(stem) >= _COMPOUND and stem in units), None
    )
    if whole:
        return whole
    ends = (end for word in words for end in _endings(word) if end in units)
    return next(ends, None) or next((sign for sign in signs if sign in name), None)


def _endings(word: str) -> list[str]:
    """Return the ends of a word that may be words of their own ("Nettoumsatz"), the longest first."""
    return [word[i:] for i in range(2, len(word) - _COMPOUND + 1)]


def _tokens(name: str) -> list[str]:
    spaced = re.sub(r"([^\W\d_A-Z])([A-Z])", r"\1 \2", name[:200])
    return re.findall(r"[^\W\d_]+(?:\d+(?![^\W\d_]))?|%", spaced.lower())
