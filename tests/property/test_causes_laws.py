"""Laws of causes: what must hold for every leaf table, whatever is in it."""

import numpy as np
import numpy.typing as npt
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.causes.contributions import contributions, ratio_contributions
from domain.causes.explanation import Conclusion, Explanation
from domain.causes.localise import Question, localise

Floats = npt.NDArray[np.float64]
Columns = dict[str, list[str]]
Cause = dict[str, str]
lawful = settings(deadline=None, derandomize=True, max_examples=30, database=None)
SIZES = (4, 5, 6)
seeds = st.integers(0, 2**32 - 1)


def table(rng: np.random.Generator) -> tuple[Columns, Floats]:
    """All combinations of three columns, and what is expected of each."""
    grid = np.indices(SIZES).reshape(len(SIZES), -1)
    columns = {name: [f"{name}{value}" for value in own] for name, own in zip("abc", grid, strict=True)}
    return columns, 50 + 100 * rng.weibull(1.0, grid.shape[1])


def inside(columns: Columns, cause: Cause) -> npt.NDArray[np.bool_]:
    return np.all([np.asarray(columns[column]) == value for column, value in cause.items()], axis=0)


def named(answer: Explanation) -> list[Cause]:
    return [{one.column: one.value for one in cause.conditions} for cause in answer.causes]


@st.composite
def planted(draw: st.DrawFn) -> tuple[Columns, Floats, Floats, Cause]:
    """A noisy table with one cause of one to three columns."""
    rng = np.random.default_rng(draw(seeds))
    columns, expected = table(rng)
    fixed = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True))
    cause = {column: f"{column}{draw(st.integers(0, 3))}" for column in sorted(fixed)}
    noise = 1 + draw(st.sampled_from([0.0, 0.03])) * rng.standard_normal(len(expected))
    factor = np.where(inside(columns, cause), draw(st.sampled_from([0.0, 0.4, 2.5])), 1.0)
    return columns, expected * noise * factor, expected, cause


@lawful
@given(planted(), seeds)
def test_order_of_rows_and_columns_does_not_matter(case: tuple[Columns, Floats, Floats, Cause], seed: int) -> None:
    columns, actual, expected, _ = case
    order = np.random.default_rng(seed).permutation(len(actual))
    mixed = {name: [columns[name][row] for row in order] for name in reversed(columns)}
    assert named(localise(mixed, actual[order], expected[order])) == named(localise(columns, actual, expected))


@lawful
@given(planted())
def test_names_of_values_do_not_matter(case: tuple[Columns, Floats, Floats, Cause]) -> None:
    columns, actual, expected, _ = case
    renamed = {name: [f"{value[0]}-{9 - int(value[1:])}" for value in own] for name, own in columns.items()}
    plain = named(localise(columns, actual, expected))
    back = [
        {k: f"{v[0]}{9 - int(v[2:])}" for k, v in one.items()} for one in named(localise(renamed, actual, expected))
    ]
    assert back == plain


@lawful
@given(planted(), st.floats(0.1, 0.9))
def test_splitting_rows_and_adding_a_constant_column_change_nothing(
    case: tuple[Columns, Floats, Floats, Cause], part: float
) -> None:
    columns, actual, expected, _ = case
    doubled = {name: own + own for name, own in columns.items()} | {"same": ["x"] * (2 * len(actual))}
    split = [np.concatenate([part * numbers, (1 - part) * numbers]) for numbers in (actual, expected)]
    assert named(localise(doubled, *split)) == named(localise(columns, actual, expected))


@lawful
@given(seeds, st.floats(0.0, 4.0))
def test_nothing_is_claimed_of_a_uniform_change(seed: int, factor: float) -> None:
    columns, expected = table(np.random.default_rng(seed))
    answer = localise(columns, factor * expected, expected)
    assert answer.causes == ()
    assert answer.conclusion is (Conclusion.UNCHANGED if factor == 1 else Conclusion.UNIFORM)


@lawful
@given(planted(), st.sampled_from([2.0**-20, 2.0**-3, 2.0**7, 2.0**30]))
def test_the_unit_does_not_matter(case: tuple[Columns, Floats, Floats, Cause], scale: float) -> None:
    columns, actual, expected, _ = case
    assert named(localise(columns, scale * actual, scale * expected)) == named(localise(columns, actual, expected))


@lawful
@given(seeds, st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True), st.sampled_from([0.0, 0.5, 3.0]))
def test_a_cause_without_noise_is_the_whole_answer_at_every_depth(seed: int, fixed: list[str], factor: float) -> None:
    columns, expected = table(np.random.default_rng(seed))
    cause = {column: f"{column}{seed % 4}" for column in sorted(fixed)}
    answer = localise(columns, np.where(inside(columns, cause), factor, 1.0) * expected, expected)
    assert named(answer) == [cause]
    assert np.isclose(answer.causes[0].share, 1.0)


@lawful
@given(planted())
def test_swapping_actual_and_expected_gives_the_same_causes_the_other_way(
    case: tuple[Columns, Floats, Floats, Cause],
) -> None:
    columns, actual, expected, _ = case
    there, back = localise(columns, actual, expected), localise(columns, expected, actual)
    assert named(there) == named(back)
    for one, other in zip(there.causes, back.causes, strict=True):
        assert (one.actual, one.expected) == (other.expected, other.actual)
        assert np.isclose(one.share, other.share)


@lawful
@given(planted(), seeds)
def test_causes_do_not_cover_each_other_exist_and_fix_no_empty_cell(
    case: tuple[Columns, Floats, Floats, Cause], seed: int
) -> None:
    columns, actual, expected, _ = case
    rng = np.random.default_rng(seed)
    columns = {name: ["" if value.endswith("0") else value for value in own] for name, own in columns.items()}
    actual = actual * np.where(rng.random(len(actual)) < 0.1, 3.0, 1.0)
    found = named(localise(columns, actual, expected))
    for place, one in enumerate(found):
        assert inside(columns, one).any()
        assert "" not in one.values()
        assert not any(one.items() <= other.items() or other.items() <= one.items() for other in found[:place])


@lawful
@given(planted())
def test_of_every_column_the_contributions_add_up_to_the_change(
    case: tuple[Columns, Floats, Floats, Cause],
) -> None:
    columns, actual, expected, _ = case
    assume(actual.sum() != expected.sum())
    for own in columns.values():
        parts = contributions(own, actual, expected)
        assert np.isclose(sum(one.share for one in parts), 1.0, rtol=0, atol=1e-9)
        change = sum(one.actual - one.expected for one in parts)
        assert np.isclose(change, actual.sum() - expected.sum(), rtol=1e-9, atol=1e-9 * expected.sum())


@lawful
@given(seeds, st.integers(0, 1))
def test_mix_rate_and_product_add_up_to_the_change_of_the_ratio(seed: int, gone: int) -> None:
    rng = np.random.default_rng(seed)
    columns, expected_b = table(rng)
    actual_b = expected_b * rng.uniform(0.2, 3.0, len(expected_b))
    if gone:
        actual_b[inside(columns, {"a": "a1"})] = 0.0
        expected_b[inside(columns, {"b": "b2"})] = 0.0
    a, expected_a = actual_b * rng.random(len(actual_b)), expected_b * rng.random(len(actual_b))
    change = a.sum() / actual_b.sum() - expected_a.sum() / expected_b.sum()
    for own in columns.values():
        terms = [one.terms for one in ratio_contributions(own, a, expected_a, actual_b, expected_b)]
        added = sum(each.mix + each.rate + each.product for each in terms if each)
        assert np.isclose(added, change, rtol=0, atol=1e-9)


@lawful
@given(seeds, st.sampled_from([0.03, 0.1]))
def test_a_larger_effect_never_moves_a_cause_down(seed: int, noise: float) -> None:
    rng = np.random.default_rng(seed)
    columns, expected = table(rng)
    usual = expected * (1 + noise * rng.standard_normal(len(expected)))
    places = []
    for factor in (0.7, 0.4, 0.1, 0.0):
        actual = (
            np.where(inside(columns, {"b": "b1"}), factor, np.where(inside(columns, {"a": "a2"}), 0.5, 1.0)) * usual
        )
        found = named(localise(columns, actual, expected))
        places.append(found.index({"b": "b1"}) if {"b": "b1"} in found else 99)
    assert places == sorted(places, reverse=True)


@lawful
@given(planted())
def test_the_same_input_gives_the_same_answer(case: tuple[Columns, Floats, Floats, Cause]) -> None:
    columns, actual, expected, _ = case
    assert localise(columns, actual, expected) == localise(columns, actual.copy(), expected.copy())


@lawful
@given(planted(), st.integers(1, 3), st.integers(1, 3))
def test_an_answer_keeps_to_its_limits(case: tuple[Columns, Floats, Floats, Cause], depth: int, most: int) -> None:
    columns, actual, expected, _ = case
    answer = localise(columns, actual, expected, question=Question(depth=depth, most=most))
    assert len(answer.causes) <= most
    assert all(len(cause.conditions) <= depth for cause in answer.causes)
    assert (answer.conclusion is Conclusion.CAUSES) == bool(answer.causes)


def test_on_counting_noise_alone_an_explanation_is_rare() -> None:
    explained = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        columns, expected = table(rng)
        explained += bool(localise(columns, rng.poisson(expected / 10).astype(np.float64), expected / 10).causes)
    assert explained <= 4
