"""Whatever the bytes, a file is read or refused in words: no crash, no hang, no path, no driver's text."""

from pathlib import Path

from tests.support.reader_fuzz import FILES, Fuzz

CASES = 240  # in some seconds; `make fuzz CASES=20000` reads more


def test_any_file_is_read_or_refused_in_words(tmp_path: Path) -> None:
    fuzz = Fuzz(tmp_path)
    fuzz.run(CASES)
    assert not fuzz.found, "\n".join(fuzz.found)
    assert sum(fuzz.outcomes.values()) == 2 * CASES
    assert all(any(outcome.startswith(kind) for outcome in fuzz.outcomes) for kind in FILES)
    assert fuzz.outcomes["delimited: read"] > 0


def test_what_must_not_happen_is_found(tmp_path: Path) -> None:
    fuzz = Fuzz(tmp_path)
    fuzz._check_message("bytes", f"The file {tmp_path}/file is odd.", b"")
    fuzz._check_message("bytes", "The file is odd", b"")
    fuzz._check_message("bytes", "Traceback: line 3.", b"")
    fuzz._check_message("bytes", "The column “Error: traceback” is odd.", b"")
    assert len(fuzz.found) == 3
