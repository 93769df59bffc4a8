"""The contract of ``PasswordHasher``, on bcrypt and its fake."""

import pytest

from domain.ports.accounts import PasswordHasher

PASSWORDS = ["correct horse", "pässwörter ✓", "x" * 72, "with\x00nul byte", " blanks at both ends "]


@pytest.mark.parametrize("password", PASSWORDS)
async def test_password_fits_its_own_hash_and_no_other_password_does(
    password_hasher: PasswordHasher, password: str
) -> None:
    hashed = await password_hasher.hash(password)
    assert password not in hashed
    assert await password_hasher.verify(password, hashed) is True
    for other in (password[:-1], password.upper() + "!", password.swapcase() + "?", ""):
        assert await password_hasher.verify(other, hashed) is False


@pytest.mark.parametrize("password", [*PASSWORDS, "x" * 73, "", "\ud800" * 10])
async def test_unknown_user_has_no_password(password_hasher: PasswordHasher, password: str) -> None:
    assert await password_hasher.verify(password, None) is False
