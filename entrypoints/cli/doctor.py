"""``driftline doctor``: leftovers in words, and mended if asked to."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from rich.console import Console

from domain.datasets.orphans import Orphan, OrphanKind
from domain.errors import DriftlineError
from entrypoints.bootstrap.profiles import opened
from entrypoints.bootstrap.settings import Settings

SHOWN: Final = 5  # of one kind; the rest is counted
# What each kind is, and what --repair does about it.
WORDS: Final[dict[OrphanKind, tuple[str, str]]] = {
    OrphanKind.DELETION: ("Deletions that stopped half way", "finish them"),
    OrphanKind.STUCK_DATASET: ("Datasets that wait for a lost job", "submit the job again"),
    OrphanKind.STUCK_REPORT: ("Reports that wait for a lost job", "submit the job again"),
    OrphanKind.MISCOUNTED: ("Datasets whose sum of open anomalies is out of date", "count again"),
    OrphanKind.LOST_REPORT: ("Reports whose file is gone", "make them again"),
    OrphanKind.UNHEARD_UPLOAD: ("Files that arrived and no worker heard of", "make them the versions they are to be"),
    OrphanKind.ORPHANED_FILE: ("Files that no dataset or report has", "delete them"),
    OrphanKind.ORPHANED_SOURCE: ("Uploaded files that no dataset has", "delete them"),
    OrphanKind.STRANGE_FILE: ("Files that are not Driftline's", "nothing: have a look at them yourself"),
    OrphanKind.ORPHANED_ROWS: ("Rows that no dataset has", "delete them"),
    OrphanKind.ORPHANED_ANALYSES: ("Analyses that no dataset has", "delete them"),
    OrphanKind.ORPHANED_VERDICTS: ("Verdicts that no dataset has", "delete them"),
    OrphanKind.ORPHANED_CACHE: ("Cached answers that no dataset has", "drop them"),
    OrphanKind.EXPIRED_SESSIONS: ("Sessions that ended long ago", "forget them"),
    OrphanKind.BROKEN_WRITES: ("Uploads whose writer died", "give back the room they take"),
    OrphanKind.DAMAGED_ROWS: ("Versions whose stored rows are damaged or missing", "read them again from their files"),
    OrphanKind.CHANGED_SOURCE: ("Uploaded files that are not what was uploaded", "nothing: restore them from a backup"),
}


async def doctor(settings: Settings, *, repair: bool, grace: timedelta, contents: bool = True) -> bool:
    """Look through the stores of the profile; return whether nothing (more) is left over.

    ``contents``: also read every uploaded file and compare it with its SHA-256, and the index of every stored table.

    Raises:
        ConfigurationError, UnavailableError: a store cannot be asked.
    """
    console = Console(highlight=False, soft_wrap=True)
    async with opened(settings) as running:
        checkup = running.use_cases.check_consistency
        minutes = round(grace.total_seconds() / 60)
        spared = (
            f"What is younger than {minutes:,} minutes may be in work and is left alone."
            if minutes
            else "Nothing is spared for being young: make sure that nothing is being uploaded."
        )
        console.print(f"Looking for leftovers in the {settings.profile} profile. {spared}")
        if pending := await checkup.pending():
            console.print(f"About {pending:,} jobs wait or are being done, so nothing is called stuck.")
        orphans, failed = await _gone_through(checkup(grace, contents=contents), repair=repair)
    for kind in OrphanKind:
        if kind in orphans:
            _say(console, kind, orphans[kind], failed, repair=repair)
    return _sum_up(console, orphans, failed, repair=repair)


async def _gone_through(
    findings: AsyncIterator[Orphan], *, repair: bool
) -> tuple[dict[OrphanKind, list[Orphan]], dict[str, str]]:
    """What was found by kind; of what could not be mended, why."""
    orphans: defaultdict[OrphanKind, list[Orphan]] = defaultdict(list)
    failed: dict[str, str] = {}
    async for finding in findings:
        orphans[finding.kind].append(finding)
        if not repair:
            continue
        if finding.repair is None:
            failed[finding.what] = "nothing was done"
            continue
        try:
            await finding.repair()
        except DriftlineError as error:  # the others can still be mended
            failed[finding.what] = error.message
    return orphans, failed


def _say(console: Console, kind: OrphanKind, orphans: list[Orphan], failed: dict[str, str], *, repair: bool) -> None:
    title, cure = WORDS[kind]
    console.print(f"\n[bold]{title}: {len(orphans):,}[/bold]  [dim]{kind}[/dim]")
    for finding in orphans[:SHOWN]:
        reason = failed.get(finding.what)
        console.print(f"  {finding.what}" + (f": {reason}" if reason else ""), markup=False)
    if len(orphans) > SHOWN:
        console.print(f"  ... and {len(orphans) - SHOWN:,} more")
    if not repair:
        console.print(
            f"  [dim]--repair will {cure}[/dim]" if orphans[0].repair else f"  [dim]--repair does {cure}[/dim]"
        )


def _sum_up(console: Console, orphans: dict[OrphanKind, list[Orphan]], failed: dict[str, str], *, repair: bool) -> bool:
    total = sum(map(len, orphans.values()))
    if not total:
        console.print("Nothing is left over.")
    elif not repair:
        console.print(f"\nFound {total:,}. Nothing was changed: run [bold]driftline doctor --repair[/bold] to mend it.")
    elif failed:
        console.print(f"\nMended {total - len(failed):,} of {total:,}; see above for the rest.")
    else:
        console.print(f"\nMended all {total:,}.")
    return not total or (repair and not failed)
