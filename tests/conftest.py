"""What holds for every test."""

from hypothesis import HealthCheck, settings

# The same commit gets the same verdict, on a busy machine too: no chance, no clock. To search for new
# counter-examples: pytest --hypothesis-profile=default
settings.register_profile(
    "driftline", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("driftline")
