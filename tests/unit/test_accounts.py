"""Users and the rules of e-mail addresses and passwords."""

import pytest

from domain.accounts.account import account_of, check_email, check_password, email_key
from domain.errors import InvalidEmailError, WeakPasswordError
from tests.support.builders import a_user


@pytest.mark.parametrize(
    "email", ["ann@example.com", "a.b+c@sub.example.co.uk", "ü@öl.example", "o'neil@example.com", "a@b.c"]
)
def test_plausible_address_is_accepted_as_typed(email: str) -> None:
    assert check_email(email) == email


def test_blanks_around_an_address_are_dropped() -> None:
    assert check_email("  Ann@Example.com\n") == "Ann@Example.com"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "ann",
        "ann@",
        "@example.com",
        "ann@example",
        "ann@@example.com",
        "ann@example..com",
        "ann@.example.com",
        "ann@example.com.",
        "an n@example.com",
        "ann@exa mple.com",
        "a@b@c.de",
        "ann\x00@example.com",
        "ann\u202e@example.com",
        "a" * 250 + "@b.de",
    ],
)
def test_what_is_no_address_is_refused_and_names_the_field(email: str) -> None:
    with pytest.raises(InvalidEmailError) as refusal:
        check_email(email)
    assert refusal.value.details["field"] == "email"


def test_longest_address_allowed_has_254_characters() -> None:
    assert len(check_email("a" * 249 + "@b.de")) == 254
    with pytest.raises(InvalidEmailError):
        check_email("a" * 250 + "@b.de")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        ("ÄRGER@x.de", "ärger@x.de"),
        ("straße@x.de", "STRASSE@x.de"),
        ("e\u0301@x.de", "\u00e9@x.de"),
        ("Σίσυφος@x.gr", "ΣΊΣΥΦΟΣ@x.gr"),
    ],
)
def test_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


def test_different_addresses_have_different_keys() -> None:
    assert len({email_key(email) for email in ("a@x.de", "á@x.de", "b@x.de", "a@x.com", "a.@x.de")}) == 5


def test_key_of_a_key_is_itself() -> None:
    for email in ("Ann@Example.com", "ÄÖÜß@x.de", "İ@x.tr", "ΐ@x.gr"):
        assert email_key(email_key(email)) == email_key(email)


@pytest.mark.parametrize("password", ["x" * 10, "x" * 72, "ü" * 36, " " * 10, "pass word ✓ long"])
def test_password_from_10_characters_to_72_bytes_is_accepted_unchanged(password: str) -> None:
    assert check_password(password) == password


@pytest.mark.parametrize(
    ("password", "figure"),
    [("", "0 characters"), ("x" * 9, "9 characters"), ("x" * 73, "73 bytes"), ("ü" * 37, "74 b")],
)
def test_other_password_is_refused_with_its_size_and_without_itself(password: str, figure: str) -> None:
    with pytest.raises(WeakPasswordError, match=figure) as refusal:
        check_password(password)
    assert refusal.value.details["field"] == "password"
    assert not password or password not in refusal.value.message


def test_account_shows_nothing_secret() -> None:
    user = a_user(password_hash="secret hash")
    account = account_of(user)
    assert (account.id, account.email, account.created_at) == (user.id, user.email, user.created_at)
    assert "secret" not in repr(account)
