"""The contract of ``AccessTokens`` on JWT."""

from datetime import timedelta

import pytest

from adapters.security.jwt import JwtAccessTokens
from domain.accounts.account import TokenClaims
from domain.errors import ExpiredTokenError, InvalidTokenError
from domain.ports.accounts import AccessTokens
from tests.support.builders import ANN
from tests.support.fakes import NOON

QUARTER = timedelta(minutes=15)


@pytest.fixture
def access_tokens() -> AccessTokens:
    return JwtAccessTokens(b"k" * 32, "driftline", "driftline-api")


def test_token_says_whom_it_speaks_for_and_until_when(access_tokens: AccessTokens) -> None:
    token = access_tokens.issue(ANN, NOON, QUARTER)
    assert access_tokens.verify(token, NOON) == TokenClaims(user_id=ANN, expires_at=NOON + QUARTER)


def test_token_is_good_until_its_last_second_and_expired_from_then_on(access_tokens: AccessTokens) -> None:
    token = access_tokens.issue(ANN, NOON, QUARTER)
    last = NOON + QUARTER - timedelta(microseconds=1)
    assert access_tokens.verify(token, last).user_id == ANN
    with pytest.raises(ExpiredTokenError):
        access_tokens.verify(token, NOON + QUARTER)
    assert access_tokens.verify(token, last).user_id == ANN


def test_token_issued_in_the_middle_of_a_second_is_good_at_once(access_tokens: AccessTokens) -> None:
    now = NOON + timedelta(microseconds=999_999)
    assert access_tokens.verify(access_tokens.issue(ANN, now, QUARTER), now).user_id == ANN


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "null", "é" * 20, "\x00", "\ud800", "x" * 1_000_000])
def test_text_that_is_no_token_is_invalid(access_tokens: AccessTokens, text: str) -> None:
    with pytest.raises(InvalidTokenError):
        access_tokens.verify(text, NOON)
