"""What only bcrypt can do wrong."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import bcrypt
import pytest

from adapters.security.bcrypt import STANDARD_COST, BcryptPasswordHasher
from domain.errors import CorruptedError, UnavailableError, WeakPasswordError


@pytest.fixture
async def hasher() -> AsyncIterator[BcryptPasswordHasher]:
    hasher = BcryptPasswordHasher(cost=4)
    await hasher.open()
    yield hasher
    await hasher.close()


async def test_hash_carries_the_cost_that_was_asked_for() -> None:
    hasher = BcryptPasswordHasher()
    await hasher.open()
    assert (await hasher.hash("correct horse")).startswith(f"$2b${STANDARD_COST}$")
    await hasher.close()


async def test_password_beyond_72_bytes_is_never_cut_silently(hasher: BcryptPasswordHasher) -> None:
    hashed = await hasher.hash("x" * 72)
    assert await hasher.verify("x" * 72, hashed) is True
    assert await hasher.verify("x" * 73, hashed) is False
    assert await hasher.verify("x" * 5_000, hashed) is False
    with pytest.raises(WeakPasswordError):
        await hasher.hash("x" * 73)
    with pytest.raises(WeakPasswordError):
        await hasher.hash("ü" * 37)


async def test_two_hashes_of_one_password_differ(hasher: BcryptPasswordHasher) -> None:
    assert await hasher.hash("correct horse") != await hasher.hash("correct horse")


async def test_unknown_user_and_overlong_password_cost_a_whole_comparison_of_the_same_cost(
    hasher: BcryptPasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []

    def checkpw(password: bytes, hashed: bytes) -> bool:
        compared.append(hashed)
        return bcrypt_checkpw(password, hashed)

    bcrypt_checkpw = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    assert await hasher.verify("correct horse", None) is False
    assert await hasher.verify("x" * 100, None) is False
    assert await hasher.verify("x" * 100, await hasher.hash("x" * 72)) is False
    assert [hashed[:7] for hashed in compared] == [b"$2b$04$"] * 3


async def test_stored_text_that_is_no_hash_is_said_to_be_damaged(hasher: BcryptPasswordHasher) -> None:
    for text in ("", "plain text", "$2b$99$" + "x" * 53):
        with pytest.raises(CorruptedError):
            await hasher.verify("correct horse", text)


async def test_hashing_runs_beside_the_event_loop_on_a_bounded_number_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most = 0, 0
    lock, threads = threading.Lock(), set[str]()
    real = bcrypt.checkpw

    def checkpw(*arguments: Any) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            threads.add(threading.current_thread().name)
        result = real(*arguments)
        with lock:
            running -= 1
        return result

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    hasher = BcryptPasswordHasher(cost=6, threads=2)
    await hasher.open()
    await asyncio.gather(*(hasher.verify("correct horse", None) for _ in range(20)))
    await hasher.close()
    assert 1 <= most <= 2
    assert threading.current_thread().name not in threads


async def test_closed_hasher_is_unavailable() -> None:
    hasher = BcryptPasswordHasher(cost=4)
    with pytest.raises(UnavailableError):
        await hasher.hash("correct horse")
    await hasher.open()
    await hasher.close()
    await hasher.close()
    with pytest.raises(UnavailableError):
        await hasher.verify("correct horse", None)
