"""The command line: ``driftline``."""

from entrypoints.cli.commands import main

__all__ = ["main"]  # the address that the installed command has
