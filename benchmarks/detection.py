"""Detection scored on labelled and generated series, and what each of its steps is worth.

python benchmarks/detection.py [--bench ../shared/bench] [--suites synth,clean,...] [--ablation] [--fresh 5000]

The benchmark (data, scorer, seeds) stands apart from the product: this only runs it on ``benchmarks/detector.py``.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
SUITES = "example,synth,clean,real,nab,merlion,tcpd,ucr4,speed"
ABLATED = ("synth", "clean", "real", "nab", "merlion")
SHOWN = (
    *("precision", "recall", "f1", "fa_per_1000", "series_without_fa", "nab_standard", "mean_f1"),
    *("example7_three_events", "example31_three_events", "constant_ok", "1000", "10000", "100000"),
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    asked.add_argument("--suites", default=SUITES)
    asked.add_argument("--ablation", action="store_true", help="leave out one step at a time")
    asked.add_argument("--fresh", type=int, metavar="SEED", help="synth and clean on 16 and 40 seeds from this one on")
    chosen = asked.parse_args()
    if not (chosen.bench / "bench.py").exists():
        raise SystemExit(f"no bench.py in {chosen.bench}; say where it is with --bench")
    sys.path[:0] = [str(ROOT), str(chosen.bench)]
    warnings.simplefilter("ignore")
    import bench  # noqa: PLC0415 - lives outside the product, found by --bench

    if chosen.ablation:
        ablation(bench)
    elif chosen.fresh is not None:
        fresh(bench, chosen.fresh)
    else:
        table(bench, tuple(chosen.suites.split(",")))


def table(bench: Any, suites: tuple[str, ...]) -> None:
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    for name, detect in (("standard", detector.detect), ("sensitive", detector.detect_sensitive)):
        for suite in suites:
            print(f"{name:10s} {suite:8s} {figures(bench.evaluate(detect, 'dev', (suite,))[suite])}", flush=True)


def fresh(bench: Any, first: int) -> None:
    """Score generated series that nobody tuned for."""
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    for name, seeds, inject in (("synth", 16, True), ("clean", 40, False)):
        scores, _ = bench.suite_synth(detector.detect, range(first, first + seeds), inject, None)
        print(f"seeds from {first} {name} {figures(scores)}", flush=True)


def ablation(bench: Any) -> None:
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    for name, without in steps().items():
        with without():
            scores = bench.evaluate(detector.detect, "dev", ABLATED)
        for suite in ABLATED:
            print(f"{name:26s} {suite:8s} {figures(scores[suite])}", flush=True)


def figures(scores: dict[str, Any]) -> str:
    return "  ".join(
        f"{key}={scores[key]:.3f}" if isinstance(scores[key], float) else f"{key}={scores[key]}"
        for key in SHOWN
        if key in scores
    )


def steps() -> dict[str, Callable[[], Any]]:
    """Return how to leave out each step, by replacing its one function."""
    import numpy as np  # noqa: PLC0415 - after the path is set

    from domain.anomaly import (  # noqa: PLC0415 - after the path is set
        channels,
        jumps,
        model,
        seasonality,
        shifts,
        sparse,
        threshold,
        transform,
    )

    def no_season(scaled: Any, _series: Any) -> seasonality.Season:
        return seasonality.Season((), np.zeros(len(scaled)))

    def no_shifts(rest: Any, *_: Any) -> tuple[list[Any], Any]:
        return [], np.zeros(len(rest))

    def no_tail(_side: Any, _both: Any, points: int, **_: bool) -> threshold.Tail:
        return threshold.plain(points)

    def no_trimming(ordered: Any, **_: bool) -> Any:
        return ordered

    def no_zeros(series: Any, _teaches: Any) -> Any:
        return sparse.Zeros.VALUES, np.ones(len(series), dtype=bool)

    def all_steady(rest: Any, *_: Any) -> Any:
        return np.ones(len(rest))

    def as_fitted(series: Any, fitted: Any, build: Any = channels.build) -> Any:
        return build(series, replace(fitted))[:1]

    @contextmanager
    def whole() -> Iterator[None]:
        yield

    return {
        "whole method": whole,
        "without blocks from afar": lambda: patch.object(channels, "_from_afar", lambda *_: None),
        "without jumps": lambda: patch.object(jumps, "find", lambda *_: []),
        "without crowds": lambda: patch.object(sparse, "crowded", lambda *_: []),
        "without unsteady phases": lambda: patch.object(seasonality, "unsteadiness", all_steady),
        "without runs": lambda: patch.object(threshold, "without_runs", lambda deviations: deviations),
        "without transform": lambda: patch.object(model, "choose", lambda _series: transform.identity()),
        "without season": lambda: patch.object(seasonality, "find", no_season),
        "without level shifts": lambda: patch.object(shifts, "find", no_shifts),
        "without tail fit": lambda: patch.object(threshold, "fit", no_tail),
        "without trimming": lambda: patch.object(threshold, "without_cluster", no_trimming),
        "without zeros' sense": lambda: patch.object(sparse, "judged", no_zeros),
        "model channel alone": lambda: patch.object(channels, "build", as_fitted),
    }


if __name__ == "__main__":
    main()
