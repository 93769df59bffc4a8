"""The version of the program: written once, in ``pyproject.toml``."""

from functools import cache
from importlib.metadata import version


@cache
def program_version() -> str:
    """Return the version of the installed package, as in ``0.2.0``."""
    return version("driftline")
