"""The contract of ``Users``, on every store."""

import asyncio
from datetime import timedelta

import pytest

from domain.errors import ConflictError, EmailTakenError
from domain.ports.accounts import Users
from tests.support.builders import ANN, BOB, a_user
from tests.support.fakes import NOON, uuid_of

SAME_ADDRESS = [
    ("Ann@Example.com", "aNN@eXAMPLE.COM"),
    ("Ärger@Öl.example", "äRGER@öL.EXAMPLE"),
    ("straße@example.com", "STRASSE@EXAMPLE.COM"),
    ("Ωmega@example.com", "ωmega@example.com"),
    ("e\u0301va@example.com", "\u00c9VA@example.com"),  # two ways to write an accented e
]
HOSTILE = ["", "' OR '1'='1", "%", "_@_", "ann@example.com\x00", "a" * 10_000, "\\", "🙈@example.com"]


async def test_user_is_found_by_id_and_by_email_as_it_was_added(users: Users) -> None:
    ann = a_user(last_login=NOON + timedelta(microseconds=1))
    await users.add(ann)
    assert await users.by_id(ANN) == ann
    assert await users.by_email("Ann@Example.com") == ann


async def test_unknown_user_is_none(users: Users) -> None:
    await users.add(a_user())
    assert await users.by_id(BOB) is None
    assert await users.by_email("bob@example.com") is None


@pytest.mark.parametrize(("typed", "other"), SAME_ADDRESS)
async def test_email_is_found_in_any_case_and_kept_as_typed(users: Users, typed: str, other: str) -> None:
    await users.add(a_user(email=typed))
    found = await users.by_email(other)
    assert found is not None
    assert found.email == typed


@pytest.mark.parametrize(("typed", "other"), SAME_ADDRESS)
async def test_email_in_use_in_any_case_is_refused_and_the_first_account_stays(
    users: Users, typed: str, other: str
) -> None:
    first = a_user(email=typed)
    await users.add(first)
    with pytest.raises(EmailTakenError):
        await users.add(a_user(id=BOB, email=other))
    assert await users.by_email(other) == first
    assert await users.by_id(BOB) is None


async def test_addresses_that_differ_by_more_than_case_are_two_accounts(users: Users) -> None:
    await users.add(a_user(email="ann@example.com"))
    await users.add(a_user(id=BOB, email="anna@example.com"))
    first, second = await users.by_email("ann@example.com"), await users.by_email("anna@example.com")
    assert first is not None
    assert second is not None
    assert (first.id, second.id) == (ANN, BOB)


async def test_id_in_use_is_a_conflict_and_not_a_taken_email(users: Users) -> None:
    await users.add(a_user())
    with pytest.raises(ConflictError) as refusal:
        await users.add(a_user(email="other@example.com"))
    assert not isinstance(refusal.value, EmailTakenError)


async def test_of_concurrent_registrations_of_one_email_exactly_one_wins(users: Users) -> None:
    candidates = [a_user(id=uuid_of(number), email=f"{'aA'[number % 2]}nn@example.com") for number in range(20)]
    outcomes = await asyncio.gather(*(users.add(one) for one in candidates), return_exceptions=True)
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, EmailTakenError) for outcome in outcomes) == 19
    winner = await users.by_email("ann@example.com")
    assert winner == candidates[outcomes.index(None)]


async def test_login_is_recorded_to_the_microsecond_and_changes_nothing_else(users: Users) -> None:
    ann = a_user()
    await users.add(ann)
    at = NOON + timedelta(days=3, microseconds=123457)
    await users.record_login(ANN, at)
    assert await users.by_id(ANN) == a_user(last_login=at)


async def test_login_of_an_unknown_user_changes_nobody(users: Users) -> None:
    await users.add(a_user())
    await users.record_login(BOB, NOON)
    assert await users.by_id(ANN) == a_user()
    assert await users.by_id(BOB) is None


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_finds_nobody(users: Users, text: str) -> None:
    await users.add(a_user())
    assert await users.by_email(text) is None
    assert await users.by_id(text) is None
