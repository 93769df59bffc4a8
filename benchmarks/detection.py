"""Detection scored on labelled and generated series, and what each of its steps is worth.

python benchmarks/detection.py [--bench ../shared/bench] [--suites synth,clean,...] [--ablation] [--fresh 5000]

The benchmark (data, scorer, seeds) stands apart from the product: this only runs it on ``benchmarks/detector.py``.
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
SUITES = "world,example,synth,clean,calibration,real,nab,merlion,tcpd,ucr4,speed"
CALIBRATED_ON, CALIBRATION_SEEDS = 9_000, 8
ABLATED = ("world", "synth", "clean", "real", "nab", "merlion")
SHOWN = (
    *("precision", "recall", "f1", "fa_per_1000", "series_without_fa", "nab_standard", "mean_f1"),
    *("example7_three_events", "example31_three_events", "constant_ok", "1000", "10000", "100000"),
    *("sure", "sure_true", "likely", "likely_true", "possible", "possible_true"),
    *("found", "truths", "beyond", "quiet_events", "made_passed", "made"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=ROOT.parent / "shared" / "bench")
    parser.add_argument("--suites", default=SUITES)
    parser.add_argument("--ablation", action="store_true", help="leave out one step at a time")
    parser.add_argument("--fresh", type=int, metavar="SEED", help="synth and clean on 16 and 40 seeds from this one on")
    chosen = parser.parse_args()
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
            print(f"{name:10s} {suite:8s} {figures(scores_of(bench, suite, detect))}", flush=True)


def scores_of(bench: Any, suite: str, detect: Callable[..., Any]) -> dict[str, Any]:
    """Score one suite; that of the world reads its files through the product's own way."""
    from benchmarks import detector  # noqa: PLC0415 - after the path is set
    from benchmarks.world import world  # noqa: PLC0415 - as above

    if suite == "calibration":
        return calibration(bench, detect)
    if suite != "world":
        return dict(bench.evaluate(detect, "dev", (suite,))[suite])
    sensitivity = detector.sensitivity_of(detect)
    return world(Path(bench.__file__).parent / "world", sensitivity)


def calibration(bench: Any, detect: Callable[..., Any]) -> dict[str, Any]:
    """Count the anomalies of generated series by how sure they are said to be, and the share of them that is true.

    The seeds are none of those that anything was tuned on (``scoring/certainty``: from 7000 on).
    """
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    outcomes: dict[str, list[bool]] = {"sure": [], "likely": [], "possible": []}
    sensitivity = detector.sensitivity_of(detect)
    for family in bench.FAMS:
        for seed in range(CALIBRATED_ON, CALIBRATED_ON + CALIBRATION_SEEDS):
            time, values, truth, ignored, _ = bench.synth(family, seed, inject=True)
            for start, end, certainty in detector.certainties(time.astype("datetime64[s]"), values, sensitivity):
                _, _, false, *_ = bench.match([(start, end, 1.0)], truth, ignored, len(values), 1)
                outcomes[certainty].append(false == 0)
    shares = {f"{name}_true": sum(true) / max(len(true), 1) for name, true in outcomes.items()}
    return {name: len(true) for name, true in outcomes.items()} | shares


def fresh(bench: Any, first: int) -> None:
    """Score generated series that were not tuned for."""
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    for name, seeds, inject in (("synth", 16, True), ("clean", 40, False)):
        scores, _ = bench.suite_synth(detector.detect, range(first, first + seeds), inject, None)
        print(f"seeds from {first} {name} {figures(scores)}", flush=True)


def ablation(bench: Any) -> None:
    from benchmarks import detector  # noqa: PLC0415 - after the path is set

    for name, without in steps().items():
        with without():
            for suite in ABLATED:
                print(f"{name:26s} {suite:8s} {figures(scores_of(bench, suite, detector.detect))}", flush=True)


def figures(scores: dict[str, Any]) -> str:
    return "  ".join(
        f"{key}={scores[key]:.3f}" if isinstance(scores[key], float) else f"{key}={scores[key]}"
        for key in SHOWN
        if key in scores
    )


def steps() -> dict[str, Callable[[], Any]]:
    """Return how to leave out each step, by replacing its one function."""
    import numpy as np  # noqa: PLC0415 - after the path is set

    from domain.detection.baseline import level_shifts, model, seasonality, transform  # noqa: PLC0415 - as above
    from domain.detection.detectors import registry, zeros  # noqa: PLC0415 - as above
    from domain.detection.scoring import threshold  # noqa: PLC0415 - as above

    def no_season(scaled: Any, _series: Any) -> seasonality.Seasonality:
        return seasonality.Seasonality((), np.zeros(len(scaled)))

    def no_shifts(rest: Any, *_: Any) -> tuple[list[Any], Any]:
        return [], np.zeros(len(rest))

    def no_tail(_side: Any, _both: Any, points: int, **_: bool) -> threshold.Tail:
        return threshold.plain(points)

    def no_trimming(ordered: Any, **_: bool) -> Any:
        return ordered

    def no_zeros(series: Any, _teaches: Any) -> Any:
        return zeros.Zeros.VALUES, np.ones(len(series), dtype=bool)

    def all_steady(rest: Any, *_: Any) -> Any:
        return np.ones(len(rest))

    def without(*names: str) -> Any:
        detectors = tuple(d for d in registry.DETECTORS if type(d).__name__ not in names)
        return patch.object(registry, "DETECTORS", detectors)

    @contextmanager
    def whole() -> Iterator[None]:
        yield

    detectors = {f"without {type(d).__name__}": partial(without, type(d).__name__) for d in registry.DETECTORS[1:]}
    return {
        "whole method": whole,
        **detectors,
        "without crowded stretches": lambda: patch.object(zeros, "crowded", lambda *_: []),
        "without unsteady phases": lambda: patch.object(seasonality, "unsteadiness", all_steady),
        "without runs": lambda: patch.object(threshold, "without_runs", lambda deviations: deviations),
        "without transform": lambda: patch.object(model, "choose", lambda _series: transform.identity()),
        "without season": lambda: patch.object(seasonality, "find", no_season),
        "without level shifts": lambda: patch.object(level_shifts, "find", no_shifts),
        "without tail fit": lambda: patch.object(threshold, "fit", no_tail),
        "without trimming": lambda: patch.object(threshold, "without_cluster", no_trimming),
        "without zeros' sense": lambda: patch.object(zeros, "judged", no_zeros),
        "model residual alone": lambda: without(*(type(d).__name__ for d in registry.DETECTORS[1:])),
    }


if __name__ == "__main__":
    main()
