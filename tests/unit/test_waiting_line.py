"""Places in the queue: users take turns, each one's files in the order they came."""

from datetime import timedelta

from domain.datasets.waiting_line import WaitingUpload, place_of, turns_of_others
from tests.support.fakes import NOON


def line(users: str) -> tuple[WaitingUpload, ...]:
    """One upload a second, each of the user of that letter."""
    return tuple(
        WaitingUpload(
            dataset_id=f"{user}{number}", version=1, user_id=user, uploaded_at=NOON + timedelta(seconds=number)
        )
        for number, user in enumerate(users)
    )


def test_a_burst_of_one_user_puts_another_one_two_places_back_at_most() -> None:
    waiting = line("a" * 641 + "b")
    assert place_of("b641", waiting) == 2
    assert [place_of(f"a{number}", waiting) for number in (0, 1, 640)] == [2, 3, 642]


def test_bursts_of_two_users_are_served_in_turns() -> None:
    waiting = line("aaabbb")
    assert [place_of(name, waiting) for name in ("a0", "b3", "a1", "b4", "a2", "b5")] == [2, 2, 4, 4, 6, 6]


def test_what_does_not_wait_has_no_place() -> None:
    assert place_of("c9", line("ab")) is None
    assert place_of("a0", line("a")) == 1


def test_others_have_one_turn_each_if_they_wait_long_enough() -> None:
    turns = turns_of_others("a", line("aabbcb"), NOON + timedelta(seconds=4))
    assert [one.dataset_id for one in turns] == ["b2"]
