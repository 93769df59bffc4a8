"""Tokens that an attacker could make or find."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from adapters.security.jwt import JwtAccessTokens
from domain.errors import ConfigurationError, ExpiredTokenError, InvalidTokenError
from tests.support.builders import ANN, BOB
from tests.support.fakes import NOON

KEY = b"the right key, long enough for HS256"
TOKENS = JwtAccessTokens(KEY, "driftline", "driftline-api")
SECONDS = int(NOON.timestamp())
GOOD: dict[str, Any] = {
    "sub": ANN,
    "iat": SECONDS,
    "exp": SECONDS + 900,
    "iss": "driftline",
    "aud": "driftline-api",
}


def signed(claims: dict[str, Any], key: bytes = KEY, algorithm: str = "HS256", **headers: Any) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers or None)


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def refused(token: str) -> None:
    with pytest.raises(InvalidTokenError) as refusal:
        TOKENS.verify(token, NOON)
    assert not isinstance(refusal.value, ExpiredTokenError)
    assert token not in refusal.value.message


def test_the_token_that_these_attacks_start_from_is_good() -> None:
    assert TOKENS.verify(signed(GOOD), NOON).user_id == ANN


@pytest.mark.parametrize("position", [0, 1, 2])
def test_token_changed_in_any_part_is_refused(position: int) -> None:
    parts = signed(GOOD).split(".")
    middle = len(parts[position]) // 2
    swapped = "A" if parts[position][middle] != "A" else "B"
    parts[position] = parts[position][:middle] + swapped + parts[position][middle + 1 :]
    refused(".".join(parts))


def test_claims_of_one_token_under_the_signature_of_another_are_refused() -> None:
    mine, others = signed(GOOD).split("."), signed(GOOD | {"sub": BOB}).split(".")
    refused(".".join([mine[0], others[1], mine[2]]))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
def test_unsigned_token_is_refused(name: str) -> None:
    unsigned = f"{part({'alg': name, 'typ': 'JWT'})}.{part(GOOD)}"
    refused(f"{unsigned}.")
    refused(f"{unsigned}.{signed(GOOD).split('.')[2]}")


def test_other_algorithms_are_refused_even_with_the_right_key() -> None:
    long_key = KEY * 2
    tokens = JwtAccessTokens(long_key, "driftline", "driftline-api")
    for algorithm in ("HS384", "HS512"):
        with pytest.raises(InvalidTokenError):
            tokens.verify(signed(GOOD, long_key, algorithm), NOON)
    assert tokens.verify(signed(GOOD, long_key), NOON).user_id == ANN


def test_token_signed_with_another_key_is_refused() -> None:
    refused(signed(GOOD, b"another key that is long enough too"))


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "another issuer"},
        {"iss": None},
        {"iss": ["driftline"]},
        {"aud": "another service"},
        {"aud": None},
        {"aud": []},
        {"sub": 7},
        {"sub": None},
        {"iat": SECONDS + 1},
        {"iat": "now"},
        {"exp": "never"},
        {"exp": 1e400},
        {"exp": 10**30},
        {"exp": None},
        {"iat": None},
    ],
)
def test_wrong_claim_is_refused(change: dict[str, Any]) -> None:
    claims = GOOD | change
    token = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(token.encode(), KEY)
    refused(f"{token}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}")


@pytest.mark.parametrize("claim", ["sub", "iat", "exp", "iss", "aud"])
def test_token_without_one_of_its_claims_is_refused(claim: str) -> None:
    refused(signed({name: value for name, value in GOOD.items() if name != claim}))


def test_key_hidden_in_the_header_is_not_used() -> None:
    own = b"a key that the attacker has made up himself"
    refused(signed(GOOD, own, jwk={"kty": "oct", "k": base64.urlsafe_b64encode(own).decode()}, kid="../../dev/null"))


def test_token_that_was_good_a_moment_ago_still_expires() -> None:
    token = signed(GOOD)
    for _ in range(3):
        assert TOKENS.verify(token, NOON).user_id == ANN
    with pytest.raises(ExpiredTokenError):
        TOKENS.verify(token, NOON + timedelta(seconds=900))


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 31])
def test_short_key_is_refused_with_its_length_and_without_its_content(key: bytes) -> None:
    with pytest.raises(ConfigurationError, match=f"{len(key)} bytes") as refusal:
        JwtAccessTokens(key, "driftline", "driftline-api")
    assert "short" not in refusal.value.message
    assert refusal.value.details["settings"] == ["JWT_SECRET"]
