"""The machine's clock, randomness and threads."""

import asyncio
import contextvars
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from adapters.system import BoundedAdmission, RandomIdGenerator, SystemClock, ThreadWorkerPool
from domain.errors import OverloadedError, UnavailableError


@pytest.fixture
async def worker_pool() -> AsyncIterator[ThreadWorkerPool]:
    worker_pool = ThreadWorkerPool(2)
    await worker_pool.open()
    yield worker_pool
    await worker_pool.close()


def test_clock_tells_utc_and_knows_it() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_identifiers_are_uuids_and_secrets_are_long_and_none_comes_twice() -> None:
    id_generator = RandomIdGenerator()
    given = {id_generator.new() for _ in range(1_000)}
    secrets = {id_generator.secret() for _ in range(1_000)}
    assert len(given) == len(secrets) == 1_000
    assert all(str(uuid.UUID(one)) == one for one in given)
    assert all(len(one) >= 43 and one.replace("-", "").replace("_", "").isalnum() for one in secrets)


async def test_work_runs_in_another_thread_and_its_result_or_error_comes_back(worker_pool: ThreadWorkerPool) -> None:
    assert await worker_pool.run(threading.get_ident) != threading.get_ident()
    with pytest.raises(ZeroDivisionError):
        await worker_pool.run(lambda: 1 // 0)


async def test_work_knows_the_context_of_its_caller(worker_pool: ThreadWorkerPool) -> None:
    request = contextvars.ContextVar("request", default="none")
    request.set("r1")
    assert await worker_pool.run(request.get) == "r1"


async def test_no_more_work_runs_at_once_than_there_are_threads(worker_pool: ThreadWorkerPool) -> None:
    running, most, lock = 0, 0, threading.Lock()
    pair = threading.Barrier(2, timeout=10)

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        pair.wait()
        with lock:
            running -= 1

    await asyncio.gather(*(worker_pool.run(work) for _ in range(8)))
    assert most == 2


async def test_every_report_is_heard_in_order_before_the_result(worker_pool: ThreadWorkerPool) -> None:
    heard: list[tuple[float, str]] = []

    async def hear(fraction: float, message: str) -> None:
        await asyncio.sleep(0)
        heard.append((fraction, message))

    def work(report: Callable[[float, str], None]) -> str:
        for number in range(100):
            report(number / 100, f"step {number}")
        return "done"

    assert await worker_pool.run_reporting(work, hear) == "done"
    assert heard == [(number / 100, f"step {number}") for number in range(100)]


async def test_reports_made_before_an_error_are_heard_before_it(worker_pool: ThreadWorkerPool) -> None:
    heard: list[str] = []

    async def hear(_fraction: float, message: str) -> None:
        await asyncio.sleep(0)
        heard.append(message)

    def fail(report: Callable[[float, str], None]) -> None:
        for number in range(10):
            report(number / 10, f"step {number}")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await worker_pool.run_reporting(fail, hear)
    assert heard == [f"step {number}" for number in range(10)]


async def test_error_of_the_work_or_of_the_listener_comes_back(worker_pool: ThreadWorkerPool) -> None:
    async def hear(fraction: float, message: str) -> None:
        raise LookupError

    async def ignore(fraction: float, message: str) -> None:
        return

    def fail(report: Callable[[float, str], None]) -> None:
        report(0.5, "half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await worker_pool.run_reporting(fail, ignore)
    with pytest.raises(LookupError):
        await worker_pool.run_reporting(lambda report: report(0.5, "half"), hear)


async def test_closed_pool_is_unavailable_and_closing_waits_for_the_work() -> None:
    worker_pool = ThreadWorkerPool(1)
    with pytest.raises(UnavailableError):
        await worker_pool.run(lambda: None)
    await worker_pool.open()
    begun, finished = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        finished.wait(10)

    working = asyncio.create_task(worker_pool.run(work))
    await asyncio.to_thread(begun.wait, 10)
    closing = asyncio.create_task(worker_pool.close())
    finished.set()
    await closing
    await working


async def test_more_than_may_wait_is_refused_at_once_and_a_turn_that_ends_makes_room() -> None:
    admission, go_on = BoundedAdmission("analyses", at_once=1, waiting=1), asyncio.Event()
    order: list[int] = []

    async def work(number: int) -> None:
        async with admission.turn():
            order.append(number)
            await go_on.wait()

    tasks = [asyncio.create_task(work(number)) for number in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError, match="2 analyses") as caught:
        await work(3)
    assert caught.value.details["retryAfterSeconds"]
    assert order == [0]
    tasks[1].cancel()
    await asyncio.wait([tasks[1]])
    late = asyncio.create_task(work(4))
    go_on.set()
    await asyncio.gather(tasks[0], late)
    assert order == [0, 4]
