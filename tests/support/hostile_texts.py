"""Texts on which a pattern that can backtrack takes forever: a repeat pumped up, and a failure behind it."""

import re
from collections.abc import Iterator
from itertools import islice
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

FAILING = "\x01\n\x01"  # no pattern of ours takes this at its end
_CATEGORIES = {
    op.CATEGORY_DIGIT: "0",
    op.CATEGORY_NOT_DIGIT: "x",
    op.CATEGORY_SPACE: " ",
    op.CATEGORY_NOT_SPACE: "x",
    op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_WORD: " ",
}


def hostile(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Yield texts of about ``length`` characters: an example of the pattern with one of its repeats pumped up."""
    parsed = parser.parse(
        pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern, pattern.flags
    )
    count = sum(1 for _ in _repeats(parsed))
    for pumped in range(count):
        for fill in ("", " ", "0"):
            text = "".join(_example(parsed, iter(range(count)), pumped, length))
            yield text[:length] + FAILING
            yield fill * length + text[:length] + FAILING
            yield (text[: length // 8] + fill) * 8 + FAILING
    least = "".join(_example(parsed, iter(range(count)), -1, 0)) or "x"
    yield least * (length // len(least) + 1) + FAILING
    for letter in " 0a-.,\"'(@\t\\_{`":
        yield letter * length + FAILING


def _repeats(parsed: Any) -> Iterator[Any]:
    for kind, value in parsed:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            yield value
        for inner in _inner(kind, value):
            yield from _repeats(inner)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        return [value[2]]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in {op.ASSERT, op.ASSERT_NOT} else []


def _example(parsed: Any, numbers: Iterator[int], pumped: int, length: int) -> Iterator[str]:
    """Yield the parts of a text that the pattern matches, one of its repeats ``length`` characters long."""
    for kind, value in parsed:
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            low, high, item = value
            number = next(numbers)
            once = "".join(_example(item, numbers, pumped, length)) or ""
            times = low
            if number == pumped and once:
                times = min(int(high), length // len(once) + 1)
            elif len(once) > 16:  # the pumped one is inside
                times = max(low, 1)
            yield once * times
        elif kind is op.BRANCH:
            texts = ["".join(_example(branch, numbers, pumped, length)) for branch in value[1]]
            yield max(texts, key=len) if pumped >= 0 else texts[0]
        elif kind in {op.ASSERT, op.ASSERT_NOT}:
            list(islice(numbers, sum(1 for _ in _repeats(value[1]))))
        elif kind is op.SUBPATTERN:
            yield from _example(value[3], numbers, pumped, length)
        elif kind is op.ATOMIC_GROUP:
            yield from _example(value, numbers, pumped, length)
        elif kind in {op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY}:
            yield _character(kind, value)


def _character(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.ANY or kind is op.NOT_LITERAL:
        return "y" if value == ord("x") else "x"
    if value[0][0] is op.NEGATE:
        return next(c for c in " xy0-.,/" if all(not _within(c, one) for one in value[1:]))
    first, of = value[0]
    if first is op.LITERAL:
        return chr(of)
    return chr(of[0]) if first is op.RANGE else _CATEGORIES[of]


def _within(character: str, one: Any) -> bool:
    kind, value = one
    if kind is op.LITERAL:
        return ord(character) == value
    if kind is op.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    return re.fullmatch(_class(value), character) is not None


def _class(category: Any) -> str:
    return {
        op.CATEGORY_DIGIT: r"\d",
        op.CATEGORY_NOT_DIGIT: r"\D",
        op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_NOT_SPACE: r"\S",
        op.CATEGORY_WORD: r"\w",
        op.CATEGORY_NOT_WORD: r"\W",
    }[category]
