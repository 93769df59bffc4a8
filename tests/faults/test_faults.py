"""A short run of ``make faults`` in each profile: whatever dies or hangs, nothing acknowledged is lost or wrong."""

import pytest

from tests.faults.run import run

FAULTS = {"embedded": 3, "cloud": 4}
SEED = 7


@pytest.mark.slow
@pytest.mark.parametrize("profile", list(FAULTS))
async def test_random_faults_lose_nothing_and_leave_nothing_behind(profile: str, aws_keys: None) -> None:
    outcome = await run(profile, FAULTS[profile], SEED)
    assert outcome.is_clean, outcome.table()
    assert sum(map(len, outcome.recovery.values())) == FAULTS[profile]
    assert outcome.findings.looked_at["files"] > 0
