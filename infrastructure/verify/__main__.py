"""Build the images, bring the stack up, use it, hurt it, renew it while it is used, take it down; say what was seen."""

import argparse
import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from infrastructure import machine, prepare
from infrastructure.toolchain import ROOT, SetupError, environment
from infrastructure.verify import bases
from infrastructure.verify.engine import engine
from infrastructure.verify.stack import URL, Stack
from infrastructure.verify.traffic import (
    Tally,
    VerificationError,
    expect,
    journey,
    readers,
    settled,
    uploaded,
    user,
)

UPLOADS = 6
ROWS = b"at,value\n" + b"".join(
    b"2024-%02d-%02dT%02d:%02d:00,%d\n" % (month, day, hour, minute, (hour * 60 + minute) % 97)
    for month in range(1, 13) for day in range(1, 29) for hour in range(24) for minute in range(0, 60, 6)
)  # fmt: skip


def say(what: str) -> None:
    """One line of the protocol."""
    print(f"{time.strftime('%H:%M:%S', time.gmtime())}  {what}", flush=True)


@contextlib.asynccontextmanager
async def under_load(what: str) -> AsyncIterator[Tally]:
    """A user reads and re-runs an analysis all the while; what became of that is printed at the end."""
    async with user(URL) as ada:
        dataset_id = await uploaded(ada)
        await settled(ada, dataset_id)
        try:
            async with readers(ada, dataset_id) as tally:
                yield tally
        finally:
            say(f"{what}: {tally}")


async def lose_an_api_and_a_worker(stack: Stack) -> None:
    """Uploads that were accepted are analysed, also if a process is killed meanwhile."""
    async with under_load("  meanwhile"), user(URL) as bob:
        accepted = [await uploaded(bob, ROWS, f"{number}.csv") for number in range(UPLOADS // 2)]
        lost = [stack.lose("api"), stack.lose("worker")]
        say(f"killed {' and '.join(lost)} with {len(accepted)} uploads of {len(ROWS) / 1e6:.1f} MB on the way")
        accepted += [await uploaded(bob, ROWS, f"{number}.csv") for number in range(UPLOADS // 2, UPLOADS)]
        begun = time.monotonic()
        ends = [(await settled(bob, dataset_id))["status"] for dataset_id in accepted]
        expect(ends == ["cached"] * UPLOADS, f"uploads ended as {ends}")
        say(f"  {UPLOADS} of {UPLOADS} uploads were analysed, the last {time.monotonic() - begun:.0f} s after the kill")


async def restart_stores(stack: Stack) -> None:
    """A cache that is away is only slower; a database that is away is said, and found again."""
    async with under_load("  meanwhile") as tally:
        await asyncio.to_thread(stack.run, "docker", "compose", "restart", "redis")
        seconds = await asyncio.to_thread(stack.wait_until_ready)
        say(f"restarted Redis: ready after {seconds:.1f} s, {tally.failed} requests failed")
        await asyncio.to_thread(stack.run, "docker", "compose", "restart", "mongodb")
        seconds = await asyncio.to_thread(stack.wait_until_ready)
        say(f"restarted MongoDB: ready after {seconds:.1f} s")
    say(f"  journey afterwards: {await journey(URL)}")


async def renew(stack: Stack) -> None:
    """A new release, container by container: no request fails."""
    async with under_load("rolling update") as tally:
        before = {container["Id"] for container in stack.containers("api")}
        begun = time.monotonic()
        output = await asyncio.to_thread(stack.run, str(ROOT / "infrastructure" / "rolling-update"), "worker", "api")
        for line in output.splitlines():
            say(f"  {line}")
        say(f"  journey meanwhile: {await journey(URL)}")
        after = {container["Id"] for container in stack.containers("api")}
        expect(len(after) == len(before) and not after & before, "not every container was replaced")
        say(f"  {len(after)} API containers and the workers replaced in {time.monotonic() - begun:.0f} s")
    expect(tally.failed == 0, f"rolling update: {tally}")


def browse() -> None:
    """The journey of the front end's own tests, in a browser and through Nginx."""
    prepare.page_packages()
    variables = {
        "DRIFTLINE_E2E_URL": URL,
        "CHROMIUM": machine.browser(),
        "RESULTS": tempfile.mkdtemp(),
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["npm", "--prefix", "frontend", "run", "--silent", "e2e", "--", "--project=cloud", "e2e/journey.spec.ts"],
        cwd=ROOT, env=environment() | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    expect(done.returncode == 0, f"the journey in a browser:\n{done.stdout[-4000:]}{done.stderr[-1000:]}")
    last = next(line for line in reversed(done.stdout.splitlines()) if "passed" in line)
    say(f"journey in a browser: {last.strip()}")


def verify(stack: Stack, *, browser: bool) -> None:
    """Everything, one thing after the other."""
    say(f"up: all healthy after {stack.up():.0f} s")
    say(stack.check_containers())
    answer = httpx.get(URL)
    expect("default-src 'self'" in answer.headers["content-security-policy"], "the page's CSP")
    say(f"journey: {asyncio.run(journey(URL))}")
    if browser:
        browse()
    asyncio.run(lose_an_api_and_a_worker(stack))
    asyncio.run(restart_stores(stack))
    asyncio.run(renew(stack))


def main() -> int:
    """Return 0 if all of it held."""
    parser = argparse.ArgumentParser(prog="infrastructure/verify-compose", description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/var/tmp/driftline-verify"), help="where images and logs go")
    parser.add_argument("--keep", action="store_true", help="keep that folder: the next run needs not make the images")
    parser.add_argument("--as-built", action="store_true", help="take the images that the last run built and kept")
    parser.add_argument("--no-browser", action="store_true", help="leave out the journey in a browser")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    try:
        with engine(given.work):
            stack = Stack(bases.IMAGES)
            if not given.as_built:
                bases.make(given.work)
                say("building the product's images")
                stack.build()
            try:
                verify(stack, browser=not given.no_browser)
            except VerificationError:
                (given.work / "services.log").write_text(stack.run("docker", "compose", "logs", "--no-color"))
                raise
            finally:
                stack.down()
                say("taken down")
    except (VerificationError, SetupError) as error:
        print(f"FAILED: {error}\nThe services' log: {given.work}/services.log", file=sys.stderr)
        return 1
    if not given.keep:
        shutil.rmtree(given.work, ignore_errors=True)
    say("verified")
    return 0


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("infrastructure/verify-compose starts containers: run it as root.")
    sys.exit(main())
