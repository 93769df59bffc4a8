"""Causes of one change: sums, ratios, and the honest answers."""

import numpy as np
import pytest

from domain.causes.explanation import Conclusion, Condition, Effect, Presence
from domain.causes.localise import Question, localise
from domain.causes.reference_days import usual
from domain.errors import InvalidInputError

REGIONS, PRODUCTS = 4, 6
GRID = np.indices((REGIONS, PRODUCTS)).reshape(2, -1)
COLUMNS = {
    "region": [("North", "South", "East", "West")[value] for value in GRID[0]],
    "product": [f"P{value}" for value in GRID[1]],
}
EXPECTED = 100.0 + 10 * GRID[0] + 5 * GRID[1]
NORTH, P2 = GRID[0] == 0, GRID[1] == 2


def conditions(**fixed: str) -> tuple[Condition, ...]:
    return tuple(Condition(column=column, value=value) for column, value in sorted(fixed.items()))


def test_a_value_that_fell_is_named_with_its_sums_and_share() -> None:
    answer = localise(COLUMNS, np.where(NORTH, 0.5, 1.0) * EXPECTED, EXPECTED)
    (cause,) = answer.causes
    assert cause.conditions == conditions(region="North")
    assert cause.effect is Effect.SIZE
    assert cause.expected == EXPECTED[NORTH].sum()
    assert cause.actual == EXPECTED[NORTH].sum() / 2
    assert cause.share == pytest.approx(1.0)


def test_a_combination_of_two_columns_is_found() -> None:
    answer = localise(COLUMNS, np.where(NORTH & P2, 3.0, 1.0) * EXPECTED, EXPECTED)
    assert [cause.conditions for cause in answer.causes] == [conditions(region="North", product="P2")]


def test_two_values_share_the_change() -> None:
    actual = np.where(NORTH | (GRID[0] == 3), 0.4, 1.0) * EXPECTED
    answer = localise(COLUMNS, actual, EXPECTED)
    assert {cause.conditions for cause in answer.causes} == {conditions(region="North"), conditions(region="West")}
    assert sum(cause.share for cause in answer.causes) == pytest.approx(1.0)


@pytest.mark.parametrize(("before", "after", "presence"), [(0.0, 1.0, Presence.NEW), (1.0, 0.0, Presence.VANISHED)])
def test_new_and_vanished_values_are_named(before: float, after: float, presence: Presence) -> None:
    actual, expected = np.where(NORTH, after, 1.0) * EXPECTED, np.where(NORTH, before, 1.0) * EXPECTED
    (cause,) = localise(COLUMNS, actual, expected).causes
    assert (cause.conditions, cause.presence) == (conditions(region="North"), presence)


def test_all_fell_alike_is_said_and_no_value_blamed() -> None:
    answer = localise(COLUMNS, 0.7 * EXPECTED, EXPECTED)
    assert answer.conclusion is Conclusion.UNIFORM
    assert answer.common == pytest.approx(0.7)


def test_a_value_that_fell_on_a_day_good_for_all_is_found_beside_the_common_factor() -> None:
    answer = localise(COLUMNS, 0.8 * np.where(NORTH, 0.3, 1.0) * EXPECTED, EXPECTED)
    assert [cause.conditions for cause in answer.causes] == [conditions(region="North")]
    assert answer.common == pytest.approx(0.8)


def test_a_column_that_determines_another_is_named_beside_it() -> None:
    columns = COLUMNS | {"code": [f"code of {region}" for region in COLUMNS["region"]]}
    (cause,) = localise(columns, np.where(NORTH, 0.5, 1.0) * EXPECTED, EXPECTED).causes
    assert cause.conditions == conditions(code="code of North")
    assert conditions(region="North") in cause.also


def test_the_change_of_an_empty_cell_is_no_cause() -> None:
    columns = {"region": ["" if region == "North" else region for region in COLUMNS["region"]]}
    answer = localise(columns, np.where(NORTH, 0.5, 1.0) * EXPECTED, EXPECTED)
    assert answer.causes == ()
    assert answer.conclusion is Conclusion.UNCLEAR


def test_a_table_of_one_row_and_one_without_columns_have_no_cause() -> None:
    assert localise({"region": ["North"]}, np.array([5.0]), np.array([9.0])).causes == ()
    assert localise({}, np.array([5.0, 6.0]), np.array([9.0, 9.0])).causes == ()
    assert localise({"region": []}, np.array([]), np.array([])).conclusion is Conclusion.UNCHANGED


def test_one_value_with_a_lower_success_rate_explains_the_ratio() -> None:
    tries = 10 * EXPECTED
    answer = localise(COLUMNS, np.where(NORTH, 0.8, 0.98) * tries, 0.98 * tries, tries, tries)
    (cause,) = answer.causes
    assert (cause.conditions, cause.effect) == (conditions(region="North"), Effect.RATE)
    assert (cause.actual, cause.expected) == (pytest.approx(0.8), pytest.approx(0.98))
    assert cause.share == pytest.approx(1.0, abs=0.02)
    assert cause.terms is not None
    assert cause.terms.rate == pytest.approx(answer.actual - answer.expected)


def test_a_larger_part_of_a_cheap_value_explains_the_ratio_though_no_own_ratio_changed() -> None:
    price = np.where(NORTH, 5.0, 50.0)
    orders, usual_orders = np.where(NORTH, 3.0, 1.0) * EXPECTED, EXPECTED
    answer = localise(COLUMNS, price * orders, price * usual_orders, orders, usual_orders)
    (cause,) = answer.causes
    assert (cause.conditions, cause.effect) == (conditions(region="North"), Effect.MIX)
    assert cause.share == pytest.approx(1.0)
    assert cause.terms is not None
    assert (cause.terms.rate, cause.terms.product) == (pytest.approx(0.0), pytest.approx(0.0))


def test_a_ratio_that_fell_alike_everywhere_has_no_cause() -> None:
    tries = 100 * EXPECTED
    answer = localise(COLUMNS, 0.3 * tries, 0.4 * tries, tries, tries)
    assert (answer.conclusion, answer.causes) == (Conclusion.UNIFORM, ())


def test_days_before_tell_the_noise_and_a_uniform_fall_is_said_as_such() -> None:
    rng = np.random.default_rng(1)
    past = usual(rng.poisson(EXPECTED, (6, len(EXPECTED))).astype(np.float64))
    question = Question(noise=past.noise)
    fell = localise(COLUMNS, rng.poisson(EXPECTED * np.where(NORTH, 0.3, 1.0)), past.expected, question=question)
    assert [cause.conditions for cause in fell.causes] == [conditions(region="North")]
    alike = localise(COLUMNS, rng.poisson(0.6 * EXPECTED), past.expected, question=question)
    assert (alike.conclusion, alike.causes) == (Conclusion.UNIFORM, ())
    calm = localise(COLUMNS, rng.poisson(EXPECTED), past.expected, question=question)
    assert (calm.conclusion, calm.causes) == (Conclusion.UNCLEAR, ())


def test_many_leaves_with_wild_noise_do_not_hide_a_cause_or_make_one() -> None:
    rng = np.random.default_rng(4)
    grid = np.indices((6, 8, 10, 4)).reshape(4, -1)
    columns = {name: [f"{name}{value}" for value in own] for name, own in zip("abcd", grid, strict=True)}
    expected = 20 + 80 * rng.weibull(1.0, grid.shape[1])
    wild = np.exp(0.1 * rng.standard_t(1.5, grid.shape[1])).clip(0.3, 3)
    assert localise(columns, expected * wild, expected).causes == ()
    fell = localise(columns, expected * wild * np.where(grid[1] == 2, 0.4, 1.0), expected)
    assert [cause.conditions for cause in fell.causes] == [conditions(b="b2")]


@pytest.mark.parametrize(
    ("columns", "sides", "field"),
    [
        ({"region": ["North"]}, ([1.0, 2.0], [1.0, 2.0]), "region"),
        ({"region": ["North", "South"]}, ([1.0, 2.0], [1.0]), "expected"),
        ({"region": ["North", "South"]}, ([1.0, np.nan], [1.0, 2.0]), "actual"),
        ({"region": ["North", "South"]}, ([1.0, 2.0], [1.0, 2.0], [1.0, 2.0]), "actual_b"),
        ({"region": ["North", "South"]}, ([1.0, 2.0], [1.0, 2.0], [0.0, 0.0], [1.0, 2.0]), "actual_b"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    columns: dict[str, list[str]], sides: tuple[list[float], ...], field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        localise(columns, *map(np.array, sides))
    assert refused.value.details["field"] == field
