"""One run: users act, faults come, everything is waited for and audited, and the product clears up after itself."""

import asyncio
import random
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from entrypoints.bootstrap.application import Application
from entrypoints.bootstrap.profiles import opened
from entrypoints.bootstrap.settings import Settings
from tests.faults.audit import Audit, Findings, audit_sources
from tests.faults.injected import FAULTS, sequence
from tests.faults.people import Person, keep_acting, registered
from tests.faults.products import PROFILES, Product
from tests.support.cloud import environment_of
from tests.support.cloud_stack import DRIFTLINE

RECOVERY_SECONDS = 180.0  # a product that takes longer after one fault has not recovered
QUIET_SECONDS = 300.0  # so long may what was acknowledged take to be processed once the faults are over
BETWEEN_SECONDS = (0.2, 1.5)
AT_ONCE = timedelta(seconds=-2)  # S3 tells whole seconds: nothing is spared for being young


@dataclass
class Outcome:
    """What became of a run."""

    profile: str
    seed: int
    acknowledged: Counter[str] = field(default_factory=Counter)
    recovery: dict[str, list[float]] = field(default_factory=dict)
    not_recovered: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    settled_after: float = 0.0
    unsettled: list[str] = field(default_factory=list)
    before_clearing: Counter[str] = field(default_factory=Counter)
    left_behind: str = ""
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether nothing is lost, wrong, stuck or left behind."""
        found = self.findings
        return not (found.lost or found.wrong or self.not_recovered or self.unsettled or self.left_behind)

    def table(self) -> str:
        """Return everything as text."""
        faults = sum(map(len, self.recovery.values())) + len(self.not_recovered)
        lines = [
            f"{self.profile}, seed {self.seed}: {faults} faults in {self.seconds:.0f} s",
            f"  acknowledged   {sum(self.acknowledged.values())}: {_listed(self.acknowledged)}",
            f"  looked at      {_listed(self.findings.looked_at)}",
            f"  lost           {len(self.findings.lost)}",
            *(f"    {one}" for one in self.findings.lost),
            f"  wrong          {len(self.findings.wrong)}",
            *(f"    {one}" for one in self.findings.wrong),
            f"  not recovered  {len(self.not_recovered)} {self.not_recovered or ''}",
            f"  settled        {self.settled_after:.1f} s after the last fault {self.unsettled or ''}",
            f"  cleared        {_listed(self.before_clearing) or 'nothing was left'}",
            f"  left behind    {self.left_behind or 'nothing'}",
            "  recovery, seconds from the fault until a file sent after it is ready:",
        ]
        for kind, times in sorted(self.recovery.items()):
            middle = sorted(times)[len(times) // 2]
            lines.append(f"    {kind:<22} {len(times):>3} times, median {middle:5.1f}, most {max(times):5.1f}")
        return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


async def run(profile: str, faults: int, seed: int, people: int = 3) -> Outcome:
    """Run one profile with so many faults; the same seed gives the same faults in the same order."""
    outcome, begun = Outcome(profile, seed), time.monotonic()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dl-faults-")))
        product = await stack.enter_async_context(PROFILES[profile](folder))
        acting = [
            await stack.enter_async_context(registered(f"user{number}", product.url, seed)) for number in range(people)
        ]
        probing = await stack.enter_async_context(registered("probe", product.url, seed))
        await _inject(product, faults, random.Random(seed), acting, probing, outcome)
        everyone = [*acting, probing]
        for person in everyone:
            outcome.acknowledged.update(person.ledger.acknowledged())
        async with opened(Settings(**product.settings)) as app:
            await _settle(app, outcome)
            for person in everyone:
                await Audit(person, outcome.findings)()
            await audit_sources(app.ports.datasets, app.ports.blobs, everyone, outcome.findings)
            await _settle(app, outcome)  # looking makes analyses
            cleared = await app.use_cases.clear_orphans(AT_ONCE, AT_ONCE)
            outcome.before_clearing.update({str(kind): count for kind, count in cleared.items()})
            await _settle(app, outcome)
        outcome.left_behind = await _doctor(product)
    outcome.seconds = time.monotonic() - begun
    return outcome


async def _inject(
    product: Product, faults: int, chance: random.Random, acting: list[Person], probing: Person, outcome: Outcome
) -> None:
    stop = asyncio.Event()
    working = [asyncio.create_task(keep_acting(person, stop)) for person in acting]
    for kind in sequence(product.profile, faults, chance):
        await asyncio.sleep(chance.uniform(*BETWEEN_SECONDS))
        begun = time.monotonic()
        injecting = asyncio.create_task(FAULTS[product.profile][kind](product, chance))
        await asyncio.sleep(0.05)  # what is sent next meets the fault
        try:
            async with asyncio.timeout(RECOVERY_SECONDS):
                await _probe(probing)
            outcome.recovery.setdefault(kind, []).append(time.monotonic() - begun)
        except TimeoutError:
            outcome.not_recovered.append(kind)
        await injecting
    stop.set()
    await asyncio.gather(*working)


async def _probe(person: Person) -> None:
    """Return once a file that is sent now is ready."""
    while True:
        dataset = await person.upload()
        if dataset.id and await person.until_ready(dataset):
            await person.delete(dataset)
            return
        await asyncio.sleep(0.2)


async def _settle(app: Application, outcome: Outcome) -> None:
    """Wait until nothing is in work: no dataset, no report, no message."""
    begun = time.monotonic()
    left: list[str] = []
    while time.monotonic() < begun + QUIET_SECONDS:
        left = [f"dataset {one.id} is {one.status}" for one in await app.ports.datasets.unfinished()]
        left += [f"report {one.id} is {one.status}" for one in await app.ports.reports.unfinished()]
        if waiting := await app.use_cases.check_consistency.pending():
            left.append(f"{waiting} messages")
        if not left:
            break
        await asyncio.sleep(0.2)
    outcome.settled_after = max(outcome.settled_after, time.monotonic() - begun)
    outcome.unsettled += left


async def _doctor(product: Product) -> str:
    """Return what ``driftline doctor`` finds; nothing if nothing is left over."""
    await asyncio.sleep(1.1)  # S3 tells whole seconds, and the command takes no grace below none
    process = await asyncio.create_subprocess_exec(
        DRIFTLINE, "doctor", "--grace-minutes", "0", env=environment_of(product.settings),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    printed, _ = await process.communicate()
    text = printed.decode()
    is_clean = process.returncode == 0 and "Nothing is left over." in text and "jobs wait" not in text
    return "" if is_clean else text
