"""From text in any encoding to UTF-8."""

import codecs
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from adapters.duckdb.reader.latin_letters import old_encoding, rather_latin
from adapters.duckdb.reader.open_file import CHUNK, HEAD, OpenedFile
from domain.datasets.parse_options import Encoding
from domain.errors import BinaryFileError, EmptyFileError, MalformedFileError

_BOMS: Final = (  # that of UTF-32 first, for it begins like that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII: Final = 0x80
LATIN_SHARE: Final = 0.5  # of the letters in words that hold a foreign one
SAMPLE_BYTES: Final = 64 * 1024
MAX_SAMPLED_LINE: Final = 4 * 1024
_RUNS: Final = re.compile(rb"[A-Za-z]?[\x80-\xff]+")
_WORDS: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_HIGH: Final = frozenset(range(0xA1, 0xFF))
_LOW_OR_HIGH: Final = _HIGH | frozenset(range(0x40, 0x7F))
LATIN: Final = ("windows-1252", "windows-1250", "windows-1254", "windows-1257")
OTHER_ALPHABETS: Final = (
    "windows-1251", "koi8-r", "cp866", "iso-8859-5", "windows-1253", "windows-1255", "windows-1256", "cp874",
)  # fmt: skip
_NAMES: Final = {f"cp{n}": f"windows-{n}" for n in range(1250, 1259)} | {
    "koi8_r": "koi8-r",
    "iso8859_5": "iso-8859-5",
    "iso8859-5": "iso-8859-5",
}


def as_utf8(source: OpenedFile, work: Path, encoding: Encoding | None) -> OpenedFile:
    """Decode a text, as far as its first bytes tell how.

    Args:
        source: the file as it lies.
        work: scratch folder for a plain copy.
        encoding: what the user set; no other is tried then.

    Raises:
        EmptyFileError, BinaryFileError, MalformedFileError.
    """
    head = source.head(HEAD)
    if encoding is not None:
        return transcode(source, (_bare_utf16(head) or "utf-16") if encoding is Encoding.UTF_16 else encoding, work)
    by_mark = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if by_mark is None and not head.strip():
        _check_not_blank(source)
    by_mark = by_mark or _bare_utf16(head)
    if by_mark is None and (head.count(0) > 0.01 * len(head) or _control_share(head) > 0.05):  # noqa: PLR2004 - text holds next to none
        raise BinaryFileError("The file is not text, JSON or Parquet. Upload one of these.")
    if by_mark == "utf-8-sig":
        return replace(source, encoding="utf-8", start=3)
    if by_mark is None and not decodes(head, cut=len(head) == HEAD or not source.whole):
        by_mark = legacy_encoding(source)
    if by_mark is None:
        return replace(source, encoding="utf-8")
    return transcode(source, by_mark, work)


def _check_not_blank(source: OpenedFile) -> None:
    with source.path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if chunk.strip():
                return
    raise EmptyFileError("The file is empty. Choose a file with a header and rows.")


def _bare_utf16(head: bytes) -> str | None:
    """Recognise UTF-16 without a BOM: in ASCII text every other byte is zero."""
    pairs = head[: len(head) // 2 * 2]
    if len(pairs) < 8:  # noqa: PLR2004 - too short to tell
        return None
    even, odd = pairs[::2].count(0) / (len(pairs) / 2), pairs[1::2].count(0) / (len(pairs) / 2)
    if odd > 0.7 and even < 0.05:  # noqa: PLR2004
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 and odd < 0.05 else None  # noqa: PLR2004


def _control_share(head: bytes) -> float:
    plain = head.translate(None, bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32)) + b"\x7f")
    return 1 - len(plain) / len(head) if head else 0.0


def transcode(source: OpenedFile, encoding: str, work: Path) -> OpenedFile:
    """Write the text as UTF-8 into the scratch folder.

    Raises:
        MalformedFileError: it is not text of this encoding.
    """
    target = work / "utf8"
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    with source.path.open("rb") as read, target.open("wb") as out:
        read.seek(source.start)
        first = True
        while True:
            chunk = read.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk and source.whole)
            except UnicodeError as error:  # a plain one if UTF-16 has no byte order mark
                raise MalformedFileError(
                    f"The text is not {encoding.upper()} all through: it cannot be decoded near byte {read.tell():,}. "
                    "Choose the encoding it was saved in, or save it as UTF-8 and upload it again."
                ) from error
            if first:
                text, first = text.removeprefix("\ufeff"), False
            out.write(text.encode())
            if not chunk:
                break
    return replace(source, path=target, encoding=str(encoding), start=0)


@dataclass(frozen=True, slots=True)
class _DoubleByte:
    """An encoding of two bytes per character, and the lead bytes of its frequent characters."""

    name: str
    leads: frozenset[int]
    trails: frozenset[int]
    share: float

    def fits(self, sample: bytes) -> bool:
        """Whether the frequent characters make up the share of all, and no pair is broken."""
        pairs = broken = common = at = 0
        while at < len(sample):
            if sample[at] < _ASCII:
                at += 1
                continue
            pairs += 1
            valid = at + 1 < len(sample) and sample[at + 1] in self.trails
            broken += not valid
            common += valid and sample[at] in self.leads
            at += 2 if valid else 1
        return pairs > 0 and broken <= 0.01 * pairs and common >= self.share * pairs


# JIS X 0208 (kana and level 1), KS X 1001 (Hangul), GB 2312 (level 1), Big5 (level 1): the frequent characters of each.
DOUBLE_BYTE: Final = (
    _DoubleByte(
        "shift_jis", frozenset([0x81, 0x82, 0x83, *range(0x88, 0x98)]), _LOW_OR_HIGH | {*range(0x80, 0xA1)}, 0.9
    ),
    _DoubleByte("euc-jp", frozenset([0xA4, 0xA5]), _HIGH, 0.3),
    _DoubleByte("euc-kr", frozenset(range(0xB0, 0xC9)), _HIGH, 0.95),
    _DoubleByte("gb18030", frozenset([0xA1, 0xA3, *range(0xB0, 0xD8)]), _HIGH, 0.9),
    _DoubleByte("big5", frozenset([0xA1, *range(0xA4, 0xC7)]), _LOW_OR_HIGH, 0.9),
)


def legacy_encoding(source: OpenedFile) -> str:
    """Tell the encoding of a text that is not UTF-8, from the lines that hold more than ASCII.

    Where two bytes in a row make a character of Chinese, Japanese or Korean nearly always, it is that; the others are
    told apart by chardet's models of languages, among encodings of the same alphabet: in words of Latin letters most
    are ASCII, in others none is. (Of 21 files whose one line of names is all there is to go by, this reads 16 right,
    charset-normalizer 3.5 alone reads 3.)
    """
    sample = _foreign_lines(source)
    letters = [byte for byte in sample if byte >= _ASCII]
    runs = _RUNS.findall(sample)
    inside = sum(run[:1].isalpha() for run in runs)  # behind a Latin letter: no character of East Asia
    double = next((each.name for each in DOUBLE_BYTE if 2 * inside <= len(runs) and each.fits(sample)), None)
    words = [word for word in _WORDS.findall(sample) if not word.isascii()]
    if double is not None and not rather_latin(words, double):
        return double
    longer = [word for word in words if len(word) > 1]  # a sign or letter alone (€, À) is of no alphabet
    plain = sum(byte < _ASCII for word in longer for byte in word)
    latin = not longer or plain > LATIN_SHARE * sum(map(len, longer))
    undefined = any(byte in b"\x81\x8d\x8f\x90\x9d" for byte in letters)
    if latin and undefined:
        return old_encoding(longer, "iso-8859-1") or "iso-8859-1"
    import chardet  # noqa: PLC0415 - its models take a second to load, which UTF-8 need not wait for

    with warnings.catch_warnings(action="ignore", category=UserWarning):  # that it has no answer, which it returns too
        candidates = chardet.detect_all(
            b"\n".join(words) if latin else sample,
            ignore_threshold=True,
            compat_names=False,
            include_encodings=LATIN if latin else OTHER_ALPHABETS,
        )
    names = [str(one["encoding"]) for one in candidates if one["encoding"] and _decodable(sample, str(one["encoding"]))]
    best = _NAMES.get(names[0].lower(), names[0].lower()) if names else LATIN[0]
    if latin and (old := old_encoding(longer, best)) is not None:
        return old
    same = latin and _decodable(sample, LATIN[0]) and sample.decode(LATIN[0]) == sample.decode(best)
    return LATIN[0] if same else best  # where both give the same letters, the name that most files go by


def _foreign_lines(source: OpenedFile) -> bytes:
    """Return lines that hold more than ASCII, from the whole file, up to a limit of bytes."""
    out, size = [], 0
    with source.path.open("rb") as file:
        file.seek(source.start)
        while size < SAMPLE_BYTES and (chunk := file.read(CHUNK)):
            for line in chunk.split(b"\n"):
                if size < SAMPLE_BYTES and not line.isascii():
                    out.append(line[:MAX_SAMPLED_LINE])
                    size += len(out[-1])
    return b"\n".join(out)


def _decodable(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def decodes(head: bytes, *, cut: bool) -> bool:
    """Return whether bytes are UTF-8; ``cut`` if the last character may be incomplete."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return cut and error.start >= len(head) - 3  # a character of up to four bytes cut in two
    return True


def with_newlines(source: OpenedFile, work: Path) -> OpenedFile:
    """Copy a text whose lines end with a carriage return alone (old Macs)."""
    target = work / "lines"
    with source.path.open("rb") as read, target.open("wb") as out:
        read.seek(source.start)
        while chunk := read.read(CHUNK):
            out.write(chunk.replace(b"\r", b"\n"))
    return replace(source, path=target, start=0)


def encoding_notes(source: OpenedFile, chosen: Encoding | None) -> Iterator[str]:
    """Say which encoding was guessed, with a word of the text as evidence."""
    if source.encoding is None or chosen is not None or source.encoding.startswith(("utf-8", "utf-16")):
        return
    text = source.head(HEAD).decode(errors="replace")
    example = next((word for word in re.findall(r"\w{1,40}", text) if not word.isascii()), "")
    shown = f" (“{example}”)" if example else ""
    yield f"The text is not UTF-8 and was read as {source.encoding}{shown}. Choose its encoding if letters look wrong."
