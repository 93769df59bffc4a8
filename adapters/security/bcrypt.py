"""Passwords hashed with bcrypt."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final, TypeVar

import bcrypt
from typing_extensions import override

from domain.accounts.account import MAX_PASSWORD_BYTES, check_password
from domain.errors import CorruptedError, UnavailableError
from domain.ports.accounts import PasswordHasher

STANDARD_COST: Final = 12  # 2^12 rounds, about a quarter of a second (docs/decisions/0011)
STANDARD_THREADS: Final = 2  # bcrypt releases the GIL; more than the cores would only slow every login

# What an unknown user's password is compared with: a well-formed hash of no known password, so that the
# comparison runs through all its rounds.
_DUMMY_SALT: Final = "." * 22
_DUMMY_DIGEST: Final = "." * 31

T = TypeVar("T")


class BcryptPasswordHasher(PasswordHasher):
    """bcrypt on threads of its own: a burst of logins queues here and leaves the other work alone.

    ``turn`` is waited for before each hash; it raises OverloadedError when too many wait.
    """

    def __init__(
        self,
        cost: int = STANDARD_COST,
        threads: int = STANDARD_THREADS,
        turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._turn = turn
        self._cost = cost
        self._threads = threads
        self._nobody = f"$2b${cost:02d}${_DUMMY_SALT}{_DUMMY_DIGEST}"
        self._pool: ThreadPoolExecutor | None = None

    async def open(self) -> None:
        """Make the threads' pool."""
        self._pool = self._pool or ThreadPoolExecutor(self._threads, thread_name_prefix="bcrypt")

    async def close(self) -> None:
        """Wait for running comparisons; those still queued are given up."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)

    @override
    async def hash(self, password: str) -> str:
        encoded = check_password(password).encode()
        return await self._run(lambda: bcrypt.hashpw(encoded, bcrypt.gensalt(self._cost)).decode())

    @override
    async def verify(self, password: str, password_hash: str | None) -> bool:
        encoded = _encoded(password)
        # No longer password was ever accepted; the comparison is still made, for its time.
        possible = password_hash is not None and len(encoded) <= MAX_PASSWORD_BYTES
        compared = (self._nobody if password_hash is None else password_hash).encode()
        try:
            same = await self._run(lambda: bcrypt.checkpw(encoded[:MAX_PASSWORD_BYTES], compared))
        except ValueError as error:
            raise CorruptedError("A stored password hash is no bcrypt hash.") from error
        return same and possible

    async def _run(self, work: Callable[[], T]) -> T:
        if self._pool is None:
            raise UnavailableError("The password hasher is not open.", dependency="passwords")
        async with self._turn():
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _encoded(password: str) -> bytes:
    # Half a surrogate pair (JSON can say it) is in no password: it only has to fail like a wrong one.
    return password.encode(errors="surrogatepass")
