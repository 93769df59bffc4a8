"""Score the reader on small files of many kinds, each read without hints.

    python -m benchmarks.files --inputs ../shared/files [--only S17] [--group layout] [--verbose]

The files are not part of the repository; what is right for each stands in ``benchmarks/files/expected/*.json``, one
file per group, by file name. Only the reading is judged: which rows, times, columns, values and rejects the table
has, what the notes say, or which refusal comes. What the detector then finds has benchmarks of its own.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.files.check import Expectation, Reading, problems_of, read

EXPECTED = Path(__file__).parent / "expected"


def expectations(group: str | None) -> dict[str, tuple[str, Expectation]]:
    """Return, by file name, the group and what is right."""
    out: dict[str, tuple[str, Expectation]] = {}
    for path in sorted(EXPECTED.glob(f"{group or '*'}.json")):
        for name, expected in json.loads(path.read_text()).items():
            if name in out:
                raise SystemExit(f"{name} is expected twice: in {out[name][0]} and {path.stem}")
            out[name] = (path.stem, expected)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=Path, required=True)
    parser.add_argument("--only", default="", help="part of the file's name")
    parser.add_argument("--group", help="one of the files in benchmarks/files/expected")
    parser.add_argument("--verbose", action="store_true", help="show what was read, also where it is right")
    arguments = parser.parse_args()
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for name, (group, expected) in sorted(expectations(arguments.group).items()):
        path = arguments.inputs / name
        if arguments.only not in name or not path.exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            reading: Reading = read(path, expected, Path(folder))
            problems = problems_of(reading, expected)
        total[group] += 1
        right[group] += not problems
        print(f"{'wrong' if problems else 'right'}  {name}  [{group}]")
        for problem in problems:
            print(f"         {problem}")
        if arguments.verbose:
            print(f"         {reading.summary()}")
    print("\n" + "  ".join(f"{group} {right[group]}/{total[group]}" for group in sorted(total)))
    print(f"{right.total()} of {total.total()} files read right")
    sys.exit(0 if right == total else 1)


if __name__ == "__main__":
    main()
