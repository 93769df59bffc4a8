"""Random faults while users work, and an audit of everything that was acknowledged.

    python -m tests.faults 200 [--seed 1] [--profile embedded|cloud] [--people 3]

``make faults N=200`` runs it: half of the faults in each profile. Ends with 1 if anything is lost, wrong, stuck or left
behind. The same seed gives the same faults in the same order; what they meet depends on the machine.
"""

import argparse
import asyncio
import sys

from entrypoints.logs import configure
from tests.faults.products import PROFILES
from tests.faults.run import run


def main() -> int:
    """Run the profiles one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faults", type=int, help="how many, over all profiles that run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=list(PROFILES), action="append", help="both without it")
    parser.add_argument("--people", type=int, default=3)
    asked = parser.parse_args()
    configure("error", "console")
    profiles = asked.profile or list(PROFILES)
    are_clean = []
    for profile in profiles:
        outcome = asyncio.run(run(profile, asked.faults // len(profiles), asked.seed, asked.people))
        sys.stdout.write(f"{outcome.table()}\n\n")
        sys.stdout.flush()
        are_clean.append(outcome.is_clean)
    return int(not all(are_clean))


if __name__ == "__main__":
    sys.exit(main())
