"""Registering, signing in, staying signed in."""

from datetime import timedelta

import pytest

from domain.accounts.account import REUSE_GRACE
from domain.errors import (
    EmailTakenError,
    ExpiredTokenError,
    InvalidCredentialsError,
    InvalidEmailError,
    InvalidTokenError,
    RateLimitedError,
    TokenReusedError,
    UnauthenticatedError,
    WeakPasswordError,
)
from tests.support.workshop import AccountsWorkshop

PASSWORD = "correct horse battery"


@pytest.fixture
def shop() -> AccountsWorkshop:
    return AccountsWorkshop()


async def test_a_registered_user_can_sign_in_whatever_case_the_address_is_written_in(shop: AccountsWorkshop) -> None:
    account = await shop.register("Ann@Example.com", PASSWORD, "1.1.1.1")
    signed_in = await shop.log_in(" ann@example.COM ", PASSWORD, "1.1.1.1")
    assert shop.tokens.verify(signed_in.access_token, shop.clock.now()).user_id == account.id
    assert shop.users.users[account.id].last_login == shop.clock.now()


async def test_no_password_is_kept_as_typed(shop: AccountsWorkshop) -> None:
    account = await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    assert PASSWORD not in shop.users.users[account.id].password_hash


async def test_an_address_can_be_registered_once(shop: AccountsWorkshop) -> None:
    await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    with pytest.raises(EmailTakenError):
        await shop.register("ANN@example.com", PASSWORD, "1.1.1.1")


@pytest.mark.parametrize("password", ["short", "x" * 73, "ä" * 37])
async def test_a_password_must_have_ten_characters_and_at_most_72_bytes(shop: AccountsWorkshop, password: str) -> None:
    with pytest.raises(WeakPasswordError, match=r"at (least 10|most 72)"):
        await shop.register("ann@example.com", password, "1.1.1.1")


@pytest.mark.parametrize("email", ["", "ann", "ann@", "@example.com", "a b@example.com", "ann@localhost", "a@b@c.de"])
async def test_what_is_no_address_is_refused(shop: AccountsWorkshop, email: str) -> None:
    with pytest.raises(InvalidEmailError):
        await shop.register(email, PASSWORD, "1.1.1.1")


async def test_unknown_address_and_wrong_password_get_the_same_answer(shop: AccountsWorkshop) -> None:
    await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    with pytest.raises(InvalidCredentialsError) as wrong:
        await shop.log_in("ann@example.com", "wrong password", "1.1.1.1")
    with pytest.raises(InvalidCredentialsError) as unknown:
        await shop.log_in("bob@example.com", PASSWORD, "1.1.1.1")
    assert str(wrong.value) == str(unknown.value)


async def test_guessing_at_one_account_is_stopped_from_any_address(shop: AccountsWorkshop) -> None:
    await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    for guess in range(3):
        with pytest.raises(InvalidCredentialsError):
            await shop.log_in("ann@example.com", f"wrong password {guess}", f"2.2.2.{guess}")
    with pytest.raises(RateLimitedError) as stopped:
        await shop.log_in("ANN@example.com", PASSWORD, "3.3.3.3")
    assert stopped.value.details["retryAfterSeconds"]
    shop.clock.advance(timedelta(minutes=16))
    assert await shop.log_in("ann@example.com", PASSWORD, "3.3.3.3")


async def test_guessing_from_one_address_is_stopped_on_any_account(shop: AccountsWorkshop) -> None:
    for guess in range(5):
        with pytest.raises(InvalidCredentialsError):
            await shop.log_in(f"user{guess}@example.com", PASSWORD, "1.1.1.1")
    with pytest.raises(RateLimitedError):
        await shop.log_in("fresh@example.com", PASSWORD, "1.1.1.1")


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_family(shop: AccountsWorkshop) -> None:
    await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    first = await shop.log_in("ann@example.com", PASSWORD, "1.1.1.1")
    second = await shop.refresh(first.refresh_token)
    shop.clock.advance(REUSE_GRACE)
    with pytest.raises(TokenReusedError):
        await shop.refresh(first.refresh_token)
    with pytest.raises(InvalidTokenError):
        await shop.refresh(second.refresh_token)


async def test_a_refresh_token_ends_after_two_weeks(shop: AccountsWorkshop) -> None:
    await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    signed_in = await shop.log_in("ann@example.com", PASSWORD, "1.1.1.1")
    shop.clock.advance(timedelta(days=14, seconds=1))
    with pytest.raises(ExpiredTokenError):
        await shop.refresh(signed_in.refresh_token)


async def test_signing_out_ends_this_browser_and_signing_out_everywhere_ends_all(shop: AccountsWorkshop) -> None:
    account = await shop.register("ann@example.com", PASSWORD, "1.1.1.1")
    here, there = [await shop.log_in("ann@example.com", PASSWORD, "1.1.1.1") for _ in range(2)]
    await shop.log_out(here.refresh_token)
    with pytest.raises(InvalidTokenError):
        await shop.refresh(here.refresh_token)
    there = await shop.refresh(there.refresh_token)
    await shop.log_out_everywhere(account.id)
    with pytest.raises(InvalidTokenError):
        await shop.refresh(there.refresh_token)


async def test_without_a_refresh_token_nobody_is_signed_in(shop: AccountsWorkshop) -> None:
    await shop.log_out(None)
    with pytest.raises(UnauthenticatedError):
        await shop.refresh(None)
