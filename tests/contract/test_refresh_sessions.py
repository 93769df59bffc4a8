"""The contract of ``RefreshSessions``, on every store."""

import asyncio
from datetime import timedelta

import pytest

from domain.accounts.account import REUSE_GRACE
from domain.errors import ExpiredTokenError, InvalidTokenError, TokenReusedError
from domain.ports.accounts import RefreshSessions
from tests.support.builders import ANN, BOB, a_session
from tests.support.fakes import NOON, uuid_of

SOON = NOON + timedelta(minutes=5)
LATER = SOON + REUSE_GRACE  # when a repeated use counts as theft
CONCURRENT = 20


async def test_rotation_returns_the_used_session_and_makes_its_successor_good(
    refresh_sessions: RefreshSessions,
) -> None:
    await refresh_sessions.begin(a_session("one"))
    assert await refresh_sessions.rotate("one", a_session("two"), SOON) == a_session("one", used_at=SOON)
    used = await refresh_sessions.rotate("two", a_session("three"), SOON)
    assert used.token_hash == "two"


async def test_successor_belongs_to_the_family_and_user_of_the_used_token(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    stranger = a_session("two", family_id=uuid_of(999), user_id=BOB)
    await refresh_sessions.rotate("one", stranger, SOON)
    used = await refresh_sessions.rotate("two", a_session("three"), SOON)
    assert (used.family_id, used.user_id) == (a_session("one").family_id, ANN)


async def test_unknown_token_is_invalid(refresh_sessions: RefreshSessions) -> None:
    for token in ("none", "", "' OR '1'='1"):
        with pytest.raises(InvalidTokenError) as refusal:
            await refresh_sessions.rotate(token, a_session("two"), SOON)
        assert not isinstance(refusal.value, TokenReusedError | ExpiredTokenError)
    with pytest.raises(InvalidTokenError):
        await refresh_sessions.rotate("two", a_session("three"), SOON)


async def test_token_is_good_until_its_last_microsecond_and_expired_from_then_on(
    refresh_sessions: RefreshSessions,
) -> None:
    end = NOON + timedelta(days=14)
    await refresh_sessions.begin(a_session("one"))
    with pytest.raises(ExpiredTokenError):
        await refresh_sessions.rotate("one", a_session("two"), end)
    with pytest.raises(InvalidTokenError):
        await refresh_sessions.rotate("two", a_session("three"), SOON)
    await refresh_sessions.rotate("one", a_session("two"), end - timedelta(microseconds=1))


async def test_reuse_revokes_the_whole_family(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("two"), SOON)
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("one", a_session("stolen"), LATER)
    for token in ("one", "two", "stolen"):
        with pytest.raises(InvalidTokenError):
            await refresh_sessions.rotate(token, a_session("next"), SOON)


async def test_reuse_is_noticed_even_after_the_token_has_expired(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("two", expires_at=NOON + timedelta(days=20)), SOON)
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("one", a_session("stolen"), NOON + timedelta(days=15))
    with pytest.raises(InvalidTokenError):
        await refresh_sessions.rotate("two", a_session("three"), SOON)


async def test_reuse_in_one_family_leaves_the_users_other_devices_signed_in(
    refresh_sessions: RefreshSessions,
) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.begin(a_session("phone", family_id=uuid_of(302)))
    await refresh_sessions.rotate("one", a_session("two"), SOON)
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("one", a_session("stolen"), LATER)
    used = await refresh_sessions.rotate("phone", a_session("phone2"), SOON)
    assert used.family_id == uuid_of(302)


async def test_token_whose_answer_was_lost_gets_another_successor_within_the_grace(
    refresh_sessions: RefreshSessions,
) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("lost"), SOON)
    almost = LATER - timedelta(microseconds=1)
    assert await refresh_sessions.rotate("one", a_session("two"), almost) == a_session("one", used_at=SOON)
    assert (await refresh_sessions.rotate("two", a_session("three"), LATER)).token_hash == "two"
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("one", a_session("late"), LATER)


async def test_of_two_successors_of_one_token_only_one_can_go_on(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("owner"), SOON)
    await refresh_sessions.rotate("one", a_session("thief"), SOON)
    await refresh_sessions.rotate("owner", a_session("owner2"), LATER)
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("thief", a_session("thief2"), LATER + REUSE_GRACE)
    with pytest.raises(InvalidTokenError):
        await refresh_sessions.rotate("owner2", a_session("owner3"), LATER + REUSE_GRACE)


async def test_of_concurrent_rotations_of_one_token_each_gets_a_successor_and_one_of_them_goes_on(
    refresh_sessions: RefreshSessions,
) -> None:
    await refresh_sessions.begin(a_session("one"))
    outcomes = await asyncio.gather(
        *(refresh_sessions.rotate("one", a_session(f"next{i}"), SOON) for i in range(CONCURRENT))
    )
    assert {used.token_hash for used in outcomes} == {"one"}
    await refresh_sessions.rotate("next7", a_session("on"), LATER)
    with pytest.raises(TokenReusedError):
        await refresh_sessions.rotate("next8", a_session("late"), LATER + REUSE_GRACE)


async def test_of_concurrent_reuses_after_the_grace_none_succeeds(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("two"), SOON)
    outcomes = await asyncio.gather(
        *(refresh_sessions.rotate("one", a_session(f"next{i}"), LATER) for i in range(CONCURRENT)),
        return_exceptions=True,
    )
    assert all(isinstance(outcome, InvalidTokenError) for outcome in outcomes)
    assert sum(isinstance(outcome, TokenReusedError) for outcome in outcomes) >= 1
    for token in ("two", *(f"next{i}" for i in range(CONCURRENT))):
        with pytest.raises(InvalidTokenError):
            await refresh_sessions.rotate(token, a_session("late"), LATER)


async def test_revoking_by_any_of_its_tokens_ends_the_family(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.rotate("one", a_session("two"), SOON)
    await refresh_sessions.revoke_family("one")
    with pytest.raises(InvalidTokenError):
        await refresh_sessions.rotate("two", a_session("three"), SOON)


async def test_revoking_an_unknown_token_changes_nothing(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("one"))
    await refresh_sessions.revoke_family("none")
    used = await refresh_sessions.rotate("one", a_session("two"), SOON)
    assert used.token_hash == "one"


async def test_revocation_during_rotations_leaves_no_token_good(refresh_sessions: RefreshSessions) -> None:
    for attempt in range(10):
        family = uuid_of(400 + attempt)
        first, second = f"a{attempt}", f"b{attempt}"
        await refresh_sessions.begin(a_session(first, family_id=family))
        await refresh_sessions.rotate(first, a_session(second), SOON)
        await asyncio.gather(
            refresh_sessions.rotate(second, a_session(f"c{attempt}"), SOON),
            refresh_sessions.revoke_family(first),
            return_exceptions=True,
        )
        for token in (second, f"c{attempt}"):
            with pytest.raises(InvalidTokenError):
                await refresh_sessions.rotate(token, a_session("late"), SOON)


async def test_revoking_a_user_ends_all_of_that_users_sessions_and_no_others(
    refresh_sessions: RefreshSessions,
) -> None:
    await refresh_sessions.begin(a_session("laptop"))
    await refresh_sessions.begin(a_session("phone", family_id=uuid_of(302)))
    await refresh_sessions.begin(a_session("bob", family_id=uuid_of(303), user_id=BOB))
    await refresh_sessions.revoke_user(ANN)
    for token in ("laptop", "phone"):
        with pytest.raises(InvalidTokenError):
            await refresh_sessions.rotate(token, a_session("next"), SOON)
    used = await refresh_sessions.rotate("bob", a_session("bob2"), SOON)
    assert used.user_id == BOB


async def test_sessions_long_expired_are_forgotten_at_the_users_next_login(refresh_sessions: RefreshSessions) -> None:
    await refresh_sessions.begin(a_session("old"))
    await refresh_sessions.begin(a_session("recent", family_id=uuid_of(302), expires_at=NOON + timedelta(days=50)))
    later = NOON + timedelta(days=60)
    await refresh_sessions.begin(
        a_session("new", family_id=uuid_of(303), created_at=later, expires_at=later + timedelta(days=14))
    )
    with pytest.raises(InvalidTokenError) as forgotten:
        await refresh_sessions.rotate("old", a_session("next"), later)
    assert not isinstance(forgotten.value, ExpiredTokenError)
    with pytest.raises(ExpiredTokenError):
        await refresh_sessions.rotate("recent", a_session("next"), later)


async def test_tokens_that_ended_long_ago_can_be_counted_and_forgotten(refresh_sessions: RefreshSessions) -> None:
    ends = {"old": NOON - timedelta(days=3), "young": NOON + timedelta(days=3)}
    for number, (token, end) in enumerate(ends.items()):
        made = a_session(token, family_id=uuid_of(310 + number), created_at=NOON - timedelta(days=9), expires_at=end)
        await refresh_sessions.begin(made)
    assert await refresh_sessions.expired(NOON - timedelta(days=3)) == 0
    assert await refresh_sessions.expired(NOON) == 1
    for _ in range(2):
        await refresh_sessions.forget_expired(NOON)
    assert await refresh_sessions.expired(NOON + timedelta(days=9)) == 1
    with pytest.raises(InvalidTokenError) as refusal:
        await refresh_sessions.rotate("old", a_session("two"), NOON)
    assert not isinstance(refusal.value, ExpiredTokenError)
    assert (await refresh_sessions.rotate("young", a_session("three"), NOON)).token_hash == "young"
