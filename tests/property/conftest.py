"""Hypothesis for this folder: no deadline, for a busy machine is no wrong answer."""

from hypothesis import HealthCheck, settings

settings.register_profile("driftline", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("driftline")
