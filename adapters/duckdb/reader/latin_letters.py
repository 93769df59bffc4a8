"""Which encoding makes words of the bytes of a text in Latin letters: Windows', that of old Macs, or that of DOS."""

from collections.abc import Sequence
from typing import Final

OLD: Final = ("mac-roman", "cp850")  # what neither Windows nor Unix wrote; read only where it is clearly better
CLEARLY: Final = 0.25  # of the best score
# Letters of German, French, Spanish, Portuguese, Italian, Dutch and the Nordic languages, the readers' most common.
_FREQUENT: Final = frozenset("äöüßéèêëàâáãåçñóòôõíîïúùûøæœÄÖÜÉÈÀÁÅÇÑÓØÆŒÍÚÂÊÎÔ")
# Letters of the languages that each of Windows' other encodings is for: frequent where it was found.
_OF: Final = {
    "windows-1250": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžőűăâîşţđŁŚŻŹŠČŘŽ"),
    "windows-1254": frozenset("ğışİçöüŞÇ"),
    "windows-1257": frozenset("āčēģīķļņšūžąęėįųõŠŽĀ"),
}
_RARE_SCORE: Final = 0.4  # of a letter of other languages


def old_encoding(words: Sequence[bytes], windows: str) -> str | None:
    """Return the encoding of old Macs or DOS if it makes far better words than the Windows one; else None.

    Args:
        words: each holds a byte above ASCII.
        windows: the best of the others.
    """
    scores = {name: _score(words, name) for name in (windows, *OLD)}
    best = max(OLD, key=lambda name: scores[name])
    return best if scores[best] > scores[windows] + CLEARLY else None


def rather_latin(words: Sequence[bytes], double: str) -> bool:
    """Return whether words that could hold characters of two bytes are Latin ones that begin with a foreign letter.

    "Œuvres" is Shift JIS as well, and "Ärzte" Big5: one character of East Asia with Latin letters behind it. Words of
    East Asia are mostly such characters, and their bytes are no letters in an encoding of one byte.

    Args:
        words: each holds a byte above ASCII.
        double: the encoding of two bytes in which they decode.
    """
    text = "".join(word.decode(double, errors="replace") for word in words)
    plain = sum(sign.isascii() for sign in text)
    return 2 * plain > len(text) and any(
        all(word.decode(name, errors="replace").isalpha() for word in words) for name in ("windows-1252", *OLD)
    )


def _score(words: Sequence[bytes], encoding: str) -> float:
    """Return how well bytes read: 1 if each is a frequent letter in its place, below 0 if none is a letter."""
    total, score = 0, 0.0
    frequent = _FREQUENT | _OF.get(encoding, frozenset())
    for word in words:
        text = word.decode(encoding, errors="replace")
        for at, sign in enumerate(text):
            if not sign.isascii():
                total += 1
                score += _fit(text, at, sign, frequent)
    return score / total if total else 0.0


def _fit(text: str, at: int, sign: str, frequent: frozenset[str]) -> float:
    if not sign.isalpha():
        return -1.0
    before = text[at - 1] if at else ""
    if sign.isupper() and before.islower():
        return -0.5  # "BŠcker"
    return 1.0 if sign in frequent else _RARE_SCORE
