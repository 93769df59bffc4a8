"""How many objects and arrays a JSON text has inside each other, found before it is parsed."""

import re
from typing import Final

import numpy as np

# Strings whole, also one that does not end, so that no quote is looked at twice.
_MARKS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_BLOCK: Final = 8 * 1024 * 1024  # bytes at a time
_OPENING: Final = (ord("["), ord("{"))
_CLOSING: Final = (ord("]"), ord("}"))


def nesting_of(text: bytes, enough: int) -> int:
    """Return how deep the values of a JSON text lie inside each other: 1 for an array of numbers.

    Args:
        text: JSON, whole or cut off; need not be valid.
        enough: depth up to which an upper bound will do: it costs a tenth of the exact figure.
    """
    bound = _bound(text)
    if bound <= enough:
        return bound
    depth = deepest = 0
    for mark in _MARKS.finditer(text):
        sign = text[mark.start()]
        if sign in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif sign in _CLOSING:
            depth -= 1
    return deepest


def _bound(text: bytes) -> int:
    """Return the depth as if there were no brackets inside strings."""
    depth = deepest = 0
    for start in range(0, len(text), _BLOCK):
        block = np.frombuffer(text[start : start + _BLOCK], np.uint8)
        steps = np.isin(block, _OPENING).astype(np.int64) - np.isin(block, _CLOSING)
        levels = depth + np.cumsum(steps)
        if len(levels):
            deepest, depth = max(deepest, int(levels.max())), int(levels[-1])
    return deepest
