"""Detection on series of the world: dated truths, quiet series and made cases, read from their files as a user's are.

Scored by the functions of the suite's own ``score.py``: an event finds a truth if they overlap and the event is not
much longer. Events beyond the list may be true: look at them.
"""

import asyncio
import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from domain.analysis.settings import AnalysisSettings
from domain.datasets.parse_options import ParseOptions
from entrypoints.bootstrap.local import local
from entrypoints.bootstrap.settings import load


def world(folder: Path, sensitivity: float, *, detail: bool = False) -> dict[str, Any]:
    """Grade every file of the suite.

    Args:
        folder: holds ``score.py``, ``truth.json``, ``real/`` and ``made/``.
        sensitivity: from 0 to 1.
        detail: whether to list what was missed and what is beyond.

    Returns:
        The counts that ``score.py`` prints.
    """
    spec = importlib.util.spec_from_file_location("world_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{folder / 'score.py'} cannot be loaded")
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    truth = json.loads((folder / "truth.json").read_text())
    cases = [(folder / "real" / f"{name}.csv", must, []) for name, must in truth["real"].items()]
    truths_found = truths = beyond = passed = 0
    for path, must, may in cases:
        hits, extra = score.graded(_events(path, sensitivity), must, may)
        truths_found, truths, beyond = truths_found + sum(hits), truths + len(must), beyond + len(extra)
        if detail:
            _list(path, must, hits, extra)
    quiet = sum(len(_events(folder / "real" / f"{name}.csv", sensitivity)) for name in truth["quiet"])
    for name, case in truth["made"].items():
        path = folder / "made" / f"{name}.csv"
        hits, extra = score.graded(_events(path, sensitivity), case["must"], case["may"])
        right = all(hits) and not extra
        passed += right
        if detail and not right:
            _list(path, case["must"], hits, extra)
    return {
        "found": truths_found,
        "truths": truths,
        "beyond": beyond,
        "quiet_events": quiet,
        "made_passed": passed,
        "made": len(truth["made"]),
    }


def _events(path: Path, sensitivity: float) -> list[tuple[str, str]]:
    return asyncio.run(_analyse(path, path.stat().st_size, sensitivity))


async def _analyse(path: Path, size_bytes: int, sensitivity: float) -> list[tuple[str, str]]:
    async with local(load({})) as file:
        dataset = await file.read(path, size_bytes, ParseOptions(), lambda *_: None)
        async for analysis in file.analyses(dataset, AnalysisSettings(sensitivity=sensitivity), lambda *_: None):
            return [(a.start, a.end) for a in analysis.anomalies]
    return []


def _list(path: Path, must: Iterable[Any], hits: Iterable[bool], extra: Iterable[Any]) -> None:
    missed = [start for (start, _), hit in zip(must, hits, strict=True) if not hit]
    print(f"{'':10s} {path.stem}: missed {missed}, beyond {[f'{start:%Y-%m-%d}' for start, _ in extra]}", flush=True)
