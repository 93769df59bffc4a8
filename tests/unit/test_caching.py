"""The cache's keys, fields and bodies."""

import gzip
import subprocess
import sys

import msgspec
import pytest

from domain.analysis.analysis import Analysis
from domain.analysis.cache_key import cache_field, cache_key, entry_of, etag_of, kept_field
from domain.analysis.settings import AnalysisSettings
from domain.detection.settings import MinChange, Reported
from domain.feedback.verdict import VerdictKind
from domain.timeseries.aggregation import Aggregate, Granularity
from tests.support.builders import ANN, an_analysis, an_annotation

VARIANTS = [
    AnalysisSettings(),
    AnalysisSettings(granularity=Granularity.DAY),
    AnalysisSettings(aggregate=Aggregate.SUM),
    AnalysisSettings(sensitivity=0.51),
    AnalysisSettings(direction=Reported.UP),
    AnalysisSettings(min_change=MinChange(amount=5.0)),
    AnalysisSettings(min_change=MinChange(amount=5.0, percent=True)),
]


def test_key_names_dataset_and_metric() -> None:
    assert cache_key("d1", "revenue") == "analytics:d1:revenue"


def test_every_setting_makes_a_field_of_its_own() -> None:
    assert len({cache_field(settings) for settings in VARIANTS}) == len(VARIANTS)


def test_an_analysis_is_kept_by_its_settings_and_by_what_was_said() -> None:
    said = [(), (an_annotation(),), (an_annotation(reason=None),), (an_annotation(verdict=VerdictKind.EXPECTED),)]
    fields = {kept_field(settings, verdicts) for settings in VARIANTS for verdicts in said}
    assert len(fields) == len(VARIANTS) * len(said)


def test_equal_settings_have_one_field() -> None:
    assert cache_field(AnalysisSettings(sensitivity=0.5)) == cache_field(AnalysisSettings())


def test_field_is_the_same_in_every_process() -> None:
    program = (
        "from domain.analysis.settings import AnalysisSettings; from domain.analysis.cache_key import cache_field; "
        "print(cache_field(AnalysisSettings()))"
    )
    fields = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True, text=True
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert fields == {cache_field(AnalysisSettings())}


def test_entry_holds_the_analysis_compressed_with_its_owner_version_and_tag() -> None:
    analysis = an_analysis(version=3)
    entry = entry_of(analysis, ANN)
    body = gzip.decompress(entry.body)
    assert msgspec.json.decode(body, type=Analysis) == analysis
    assert (entry.user_id, entry.version, entry.etag) == (ANN, 3, etag_of(body))


def test_one_analysis_gives_the_same_bytes_every_time() -> None:
    assert entry_of(an_analysis(), ANN) == entry_of(an_analysis(), ANN)


@pytest.mark.parametrize("body", [b"", b"x", b"y"])
def test_tag_is_quoted_and_strong_and_tells_bodies_apart(body: bytes) -> None:
    tag = etag_of(body)
    assert tag == f'"{tag[1:-1]}"'
    assert tag[1:-1].isalnum()
    assert tag != etag_of(body + b"z")
