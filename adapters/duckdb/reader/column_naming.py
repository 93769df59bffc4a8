"""Every column has a name that can be stored, of its own."""

import re
from collections.abc import Sequence


def writable(text: str) -> str:
    """Return a text that can be stored: zero bytes shown, lone surrogates (JSON may hold them) as U+FFFD."""
    text = text.replace("\x00", "\\0")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def unique_names(names: Sequence[str]) -> list[str]:
    """Give every column a name of its own; upper and lower case do not make two names differ."""
    out: list[str] = []
    taken = {writable(name).strip().casefold() for name in names}
    seen: set[str] = set()
    for place, raw in enumerate(names, 1):
        name = re.sub(r"\s+", " ", writable(raw).strip().strip("\ufeff")) or f"column_{place}"
        candidate, number = name, 2
        while candidate.casefold() in seen or (candidate != name and candidate.casefold() in taken):
            candidate, number = f"{name}_{number}", number + 1
        seen.add(candidate.casefold())
        out.append(candidate)
    return out
