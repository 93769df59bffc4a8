"""Which pairs of level shifts are an episode."""

from domain.detection.baseline import episodes
from domain.detection.baseline.level_shifts import Shift


def shift(at: int, change: float, *, declared: bool = False) -> Shift:
    return Shift(at=at, change=change, clarity=10.0, window=9, declared=declared)


def pairs(points: int, *shifts: Shift) -> list[tuple[int, int, bool]]:
    return [(e.start.at, e.back.at, e.short) for e in episodes.find(shifts, points)]


def test_a_level_that_returns_is_an_episode_up_to_half_of_the_points_beside_it() -> None:
    assert pairs(300, shift(100, -2.0), shift(200, 2.0)) == [(100, 200, False)]
    assert pairs(300, shift(100, -2.0), shift(201, 2.0)) == []


def test_an_episode_is_short_up_to_a_sixteenth_of_the_points() -> None:
    assert pairs(320, shift(100, -2.0), shift(120, 2.0)) == [(100, 120, True)]
    assert pairs(320, shift(100, -2.0), shift(121, 2.0)) == [(100, 121, False)]


def test_what_stays_or_goes_to_another_level_is_no_episode() -> None:
    assert pairs(300, shift(100, -2.0)) == []
    assert pairs(300, shift(100, -2.0), shift(130, -2.0)) == []
    assert pairs(300, shift(100, -2.0), shift(130, 0.9)) == []
    assert pairs(300, shift(100, -2.0), shift(130, 3.1)) == []


def test_the_return_of_an_episode_begins_no_other_one() -> None:
    falls = (shift(100, -2.0), shift(130, 2.0), shift(160, -2.0), shift(190, 2.0))
    assert pairs(300, *falls) == [(100, 130, False), (160, 190, False)]


def test_a_declared_level_is_no_episode_and_many_shifts_have_none() -> None:
    assert pairs(300, shift(100, -2.0, declared=True), shift(130, 2.0)) == []
    assert pairs(300, shift(100, -2.0), shift(130, 2.0, declared=True)) == []
    assert pairs(300, *(shift(50 * k, (-1.0) ** k) for k in range(1, 6))) == []
