"""The connection to Redis: short time-outs, a circuit breaker, scripts, and the translation of its errors."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from importlib import resources
from typing import Any, Final

import redis.asyncio as driver
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as LostError
from redis.exceptions import RedisError
from typing_extensions import override

from adapters.redis.circuit import Circuit
from adapters.redis.reads import ReadLine
from domain.errors import ConfigurationError, UnavailableError
from domain.ports.system import Dependency

ANSWER_SECONDS: Final = 0.25  # a healthy server answers in a millisecond; a request must not wait for a sick one
CONNECTIONS: Final = 50  # per process: more commands at once than one event loop sends

Argument = str | int | bytes


class RedisConnection(Dependency):
    """A pool of connections to one server.

    Nothing is connected until it is used, and a server that is away fails quickly: ``UnavailableError``. A command
    may be sent twice when a connection breaks; all of ours may be.
    """

    name = "redis"

    def __init__(self, url: str, answer_seconds: float = ANSWER_SECONDS, circuit: Circuit | None = None) -> None:
        self._url = url
        self._seconds = answer_seconds
        self._circuit = circuit or Circuit()
        self._client: driver.Redis | None = None
        self._line: ReadLine | None = None
        self._scripts: dict[str, AsyncScript] = {}

    async def open(self) -> None:
        """Read the URL and the scripts; connect to nothing yet. Raises ConfigurationError."""
        if self._client is not None:
            return
        self._client = self.new_client(socket_timeout=self._seconds, max_connections=CONNECTIONS)
        unlimited = self.new_client(socket_timeout=None)  # for a round there is one limit, not one for each step of it
        self._line = ReadLine(unlimited.connection_pool.make_connection, self._seconds)
        folder = resources.files("adapters.redis") / "scripts"
        self._scripts = {
            file.name.removesuffix(".lua"): self._client.register_script(file.read_text(encoding="utf-8"))
            for file in folder.iterdir()
            if file.name.endswith(".lua")
        }

    async def close(self) -> None:
        """Let the connections go."""
        client, self._client = self._client, None
        line, self._line = self._line, None
        if client is not None and line is not None:
            await line.close()
            await client.aclose()

    @override
    async def ping(self) -> None:
        """Whatever the circuit says: this is how one learns that the server is back."""
        await self._answered(lambda client: client.ping())

    async def call(self, command: Callable[[driver.Redis], Awaitable[Any]]) -> Any:
        """Send one command.

        Raises:
            UnavailableError: no answer in time, an error as the answer, or an open circuit.
        """
        self._check_circuit()
        return await self._answered(command)

    async def read(self, *command: str) -> Any:
        """Send one command that changes nothing, along with what others read just now. Raises as ``call`` does."""
        self._check_circuit()
        if self._line is None:
            raise _not_open()
        try:
            answer = await self._line.ask(*command)
        except (RedisError, OSError, TimeoutError) as error:
            raise self._failed(error) from error
        self._circuit.succeeded()
        return answer

    async def run(self, script: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run one of the scripts, as one step of the server. Raises UnavailableError."""
        return await self.call(lambda client: self._scripts[script](keys=keys, args=arguments, client=client))

    async def insist(self, script: str, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """As ``run``, past an open circuit: for what must not be left out. Raises UnavailableError."""
        return await self._answered(lambda client: self._scripts[script](keys=keys, args=arguments, client=client))

    def new_client(self, **options: Any) -> driver.Redis:
        """A client of its own. Raises ConfigurationError if the URL cannot be read."""
        try:
            pool = driver.BlockingConnectionPool.from_url(
                self._url,
                timeout=self._seconds,
                socket_connect_timeout=self._seconds,
                # Once more at once, for a connection that idled while the server was restarted; a time-out is final.
                retry=Retry(NoBackoff(), 1, supported_errors=(LostError,)),
                **options,
            )
        except ValueError as error:  # the URL may hold a password, so it is not repeated
            raise ConfigurationError(
                "DRIFTLINE_REDIS_URL is no URL of a Redis. Write it like redis://host:6379/0 (rediss:// for TLS).",
                settings=["REDIS_URL"],
            ) from error
        return driver.Redis.from_pool(pool)

    def _check_circuit(self) -> None:
        if not self._circuit.admits():
            raise UnavailableError("Redis did not answer lately.", dependency="redis")

    async def _answered(self, command: Callable[[driver.Redis], Awaitable[Any]]) -> Any:
        if self._client is None:
            raise _not_open()
        try:
            async with asyncio.timeout(2 * self._seconds):  # connecting and asking
                answer = await command(self._client)
        except (RedisError, OSError, TimeoutError) as error:
            raise self._failed(error) from error
        self._circuit.succeeded()
        return answer

    def _failed(self, error: Exception) -> UnavailableError:
        self._circuit.failed()
        return UnavailableError(f"Redis does not answer ({type(error).__name__}).", dependency="redis")


def _not_open() -> UnavailableError:
    return UnavailableError("The connection to Redis is not open.", dependency="redis")
