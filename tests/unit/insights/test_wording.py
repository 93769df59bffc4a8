import numpy as np
import pytest

from domain.datasets.column_names import headline, spoken, unit_in
from domain.timeseries.aggregation import Granularity
from domain.wording.formatting import (
    MINUS,
    Figures,
    compared,
    duration,
    in_words,
    join,
    moment,
    noun_of,
    number,
    off_by,
    on,
    percent,
    plural,
    stretch,
    times,
)

DAY = Granularity.DAY


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (24_512.0, "24,500"),
        (1_234_567.0, "1.23M"),
        (2_500_000_000.0, "2.5B"),
        (7.1e12, "7.1T"),
        (0.037_24, "0.0372"),
        (0.0, "0"),
        (-4.5, f"{MINUS}4.5"),
        (999_999.0, "1M"),
        (3e20, "3.00\u00d710²⁰"),
        (2e-7, "2.00\u00d710⁻⁷"),
        (float("nan"), "no number"),
    ],
)
def test_an_estimate_has_three_digits_and_a_short_name_for_millions(value: float, text: str) -> None:
    assert number(value) == text


def test_whole_numbers_that_were_observed_are_written_in_full() -> None:
    assert Figures(spread=28_000).observed(89_134) == "89,134"
    assert Figures(spread=280_000).observed(1_234_567) == "1.23M"


def test_the_spread_of_a_series_decides_how_many_decimals_its_values_show() -> None:
    assert Figures(spread=4.8).observed(865.23417) == "865.2"
    assert Figures(spread=4.8).about(842.1634) == "842.2"
    assert Figures(spread=5_000).about(31_234_567) == "31.2346M"
    assert Figures(spread=28_000).observed(31_234.56) == "31,235"


def test_next_to_nothing_is_written_as_finely_as_the_series_and_no_finer() -> None:
    assert Figures(spread=7.0).about(-0.003) == "0"
    assert Figures(spread=7.0).about(0.45) == "0.45"


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("$", 89_000.0, "$89,000"),
        ("$", -12.5, f"{MINUS}$12.5"),
        ("₹", 1_500.0, "₹1,500"),
        ("%", 12.5, "12.5%"),
        ("°C", 846.0, "846\u00a0°C"),
    ],
)
def test_currency_signs_stand_before_a_number_and_other_units_behind_it(unit: str, value: float, text: str) -> None:
    assert Figures(unit=unit, spread=1).observed(value) == text


def test_a_range_names_its_unit_once_if_it_stands_behind() -> None:
    assert Figures(unit="°C", spread=4.8).between(827.2, 840.9) == "827.2 to 840.9\u00a0°C"
    assert Figures(unit="$", spread=1_000).between(17_300, 34_600) == "$17,300 to $34,600"


def test_a_table_of_figures_writes_them_as_the_page_does() -> None:
    assert Figures(unit="$", spread=28_000).brief(36_685.714_285) == "$36,686"
    assert Figures(spread=4.8).brief(842.2437) == "842.2"
    assert Figures().brief(24_500.0) == "24,500"
    assert Figures().brief(0.0) == "0"


def test_a_difference_carries_its_sign() -> None:
    assert Figures(unit="°C", spread=4.8).change(5.1) == "+5.1\u00a0°C"
    assert Figures(spread=4.8).change(-5.1) == f"{MINUS}5.1"
    assert Figures(spread=4.8).change(0.0) == "0"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.125, "12.5%"), (0.61, "61%"), (2.63, "263%"), (0.0044, "0.44%"), (0.0, "0%"), (1, "100%")],
)
def test_percentages_keep_a_decimal_only_where_it_tells(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [(3.633, "3.6 times"), (2.0, "twice"), (41.3, "41 times"), (1.5, "1.5 times")]
)
def test_ratios_are_said_as_times(ratio: float, text: str) -> None:
    assert times(ratio) == text


@pytest.mark.parametrize(
    ("value", "expected", "as_ratio", "text"),
    [
        (89_000, 24_500, True, "3.6 times the expected 24,500"),
        (8_000, 24_500, True, "67% below the expected 24,500"),
        (28_000, 24_500, True, "14.3% above the expected 24,500"),
        (0, 24_500, True, "instead of the expected 24,500"),
        (89_000, 24_500, False, "64,500 above the expected 24,500"),
        (5, 0, True, "5 above the expected 0"),
    ],
)
def test_a_value_is_compared_as_a_multiple_in_percent_or_by_distance(
    value: float,
    expected: float,
    as_ratio: bool,  # noqa: FBT001 - pytest passes it by name
    text: str,
) -> None:
    assert compared(value, expected, Figures(), as_ratio=as_ratio) == text


@pytest.mark.parametrize(
    ("granularity", "text"),
    [
        (Granularity.DAY, "3 Oct 2026"),
        (Granularity.HOUR, "3 Oct 2026, 02:00"),
        (Granularity.NATIVE, "3 Oct 2026, 02:00"),
        (Granularity.WEEK, "the week of 3 Oct 2026"),
        (Granularity.MONTH, "Oct 2026"),
        (Granularity.QUARTER, "Q4 2026"),
        (Granularity.YEAR, "2026"),
    ],
)
def test_a_time_is_written_as_precisely_as_the_series_is(granularity: Granularity, text: str) -> None:
    assert moment(np.datetime64("2026-10-03T02:00"), granularity) == text


def test_prepositions_fit_what_they_stand_before() -> None:
    at = np.datetime64("2024-01-03")
    assert on(at, DAY, year=False) == "on 3 Jan"
    assert on(at, Granularity.MONTH) == "in Jan 2024"
    assert on(at, Granularity.WEEK, year=False) == "in the week of 3 Jan"


@pytest.mark.parametrize(
    ("start", "end", "granularity", "text"),
    [
        ("2024-01-03", "2024-01-05", DAY, "3 to 5 Jan 2024"),
        ("2024-01-03", "2024-02-05", DAY, "3 Jan to 5 Feb 2024"),
        ("2023-12-30", "2024-01-02", DAY, "30 Dec 2023 to 2 Jan 2024"),
        ("2024-01-03", "2024-01-03", DAY, "3 Jan 2024"),
        ("2024-01-03T14:00", "2024-01-03T18:00", Granularity.HOUR, "3 Jan 2024, 14:00 to 18:00"),
        ("2024-01-03T14:00", "2024-01-04T00:00", Granularity.HOUR, "3 Jan 2024, 14:00 to 4 Jan 2024, 00:00"),
        ("2024-01-01", "2024-03-01", Granularity.MONTH, "Jan 2024 to Mar 2024"),
    ],
)
def test_a_stretch_says_what_both_ends_share_once(start: str, end: str, granularity: Granularity, text: str) -> None:
    assert stretch(np.datetime64(start), np.datetime64(end), granularity) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (45, "45 seconds"),
        (60, "1 minute"),
        (5_400, "90 minutes"),
        (12_600, "3.5 hours"),
        (86_400, "1 day"),
        (1e6, "12 days"),
    ],
)
def test_a_length_of_time_takes_its_largest_fitting_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_agree_with_their_nouns() -> None:
    assert plural(1, "anomaly") == "1 anomaly"
    assert plural(12_500, "day") == "12,500 days"
    assert plural(0, "anomaly") == "0 anomalies"
    assert in_words(3) == "three"
    assert in_words(12) == "12"
    assert [join(["a", "b", "c"][:n]) for n in (0, 1, 2, 3)] == ["", "a", "a and b", "a, b and c"]


def test_column_names_read_as_words() -> None:
    assert spoken("Weekly_Sales") == "Weekly Sales"
    assert headline("temp_max") == "Temp max"
    assert headline("___") == "___"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cpu_pct", "CPU"),
        ("node_cpu_usage", "Node CPU usage"),
        ("kwh", "kWh"),
        ("ph_level", "pH level"),
        ("Cpu", "Cpu"),
        ("gdp_usd", "GDP"),
    ],
)
def test_abbreviations_and_units_are_spelled_as_people_spell_them(name: str, title: str) -> None:
    assert headline(name) == title


@pytest.mark.parametrize(
    ("name", "words", "unit"),
    [
        ("p95_latency_ms", "p95 latency", "ms"),
        ("Price (EUR)", "Price", "€"),
        ("Power [kW]", "Power", "kW"),
        ("temperature_c", "temperature", "°C"),
        ("vitamin_c", "vitamin c", None),
        ("Sales (2024)", "Sales (2024)", None),
        ("Sales (net)", "Sales (net)", None),
        ("Speed (µm/s)", "Speed", "µm/s"),
        ("ms", "ms", None),
        ("(EUR)", "(EUR)", None),
        ("load_pct", "load", "%"),
        ("price_eur_mwh", "price", "€/MWh"),
        ("cost_eur_per_kwh", "cost", "€/kWh"),
        ("energy_mwh", "energy", "MWh"),
    ],
)
def test_a_unit_at_the_end_of_a_name_is_told_from_the_name(name: str, words: str, unit: str | None) -> None:
    assert (spoken(name), unit_in(name)) == (words, unit)


def test_a_point_is_called_by_its_unit_or_its_cadence() -> None:
    assert noun_of(Granularity.MONTH) == "month"
    assert noun_of(Granularity.NATIVE, 86_400.0) == "day"
    assert noun_of(Granularity.NATIVE, 300.0) == "reading"
    assert noun_of(Granularity.NATIVE, None) == "reading"


def test_percentages_are_percentage_points_apart() -> None:
    rate = Figures(unit="%", spread=0.2)
    assert compared(0.86, 3.26, rate, as_ratio=False) == "2.4\u00a0percentage points below the expected 3.26%"
    assert rate.distance(1.0) == "1\u00a0percentage point"
    assert rate.change(-2.4) == f"{MINUS}2.4\u00a0pp"
    assert rate.between(2.8, 3.72) == "2.8 to 3.72%"


@pytest.mark.parametrize(
    ("deviation", "share", "text"),
    [
        (64_500, 2.63, "+64,500 (+263%)"),
        (-16_500, -0.67, f"{MINUS}16,500 ({MINUS}67%)"),
        (64_500, None, "+64,500"),
        (64_500, 645.0, "+64,500"),
    ],
)
def test_a_share_of_the_expected_is_told_where_it_says_something(
    deviation: float, share: float | None, text: str
) -> None:
    assert off_by(deviation, share, Figures(), as_ratio=True) == text
    assert "%" not in off_by(deviation, share, Figures(), as_ratio=False)  # the expected value may be near zero


def test_millions_have_no_cents_but_four_digits() -> None:
    profit = Figures(spread=373_795_000.0)
    assert [profit.brief(v) for v in (-21_395_281.5, 580_574_600.4, 18_150_540.0)] == [
        f"{MINUS}21.4M",
        "580.6M",
        "18.15M",
    ]
    assert [Figures(unit="°C").brief(v) for v in (843.763, 4.0913, -0.00012)] == [
        "843.8\u00a0°C",
        "4.091\u00a0°C",
        f"{MINUS}0.00012\u00a0°C",
    ]


def test_a_distance_beyond_the_largest_number_is_still_said() -> None:
    assert compared(1.7e308, -1.7e308, Figures(), as_ratio=False).startswith("1.80")
