"""What is found to explain a change: numbers and codes, no words."""

from enum import StrEnum

from domain.struct import Struct


class Conclusion(StrEnum):
    """What kind of answer it is."""

    UNCHANGED = "unchanged"  # actual = expected everywhere
    CAUSES = "causes"  # some elements explain the change, or the part of it that their shares add up to
    UNIFORM = "uniform"  # no single value explains it: all moved alike
    UNCLEAR = "unclear"  # no element stands out of the noise


class Effect(StrEnum):
    """In which way an element moved the total."""

    SIZE = "size"  # its own sum changed
    RATE = "rate"  # its own ratio changed
    MIX = "mix"  # its part of the denominator changed, and its ratio differs from the total's


class Presence(StrEnum):
    """Whether a value is on both sides."""

    BOTH = "both"
    NEW = "new"  # expected 0: it was not there
    VANISHED = "vanished"  # actual 0: it is there no more


class Condition(Struct, frozen=True):
    """One column fixed to one value."""

    column: str
    value: str


class RatioTerms(Struct, frozen=True):
    """What an element adds to the change of a ratio; the three add up to it exactly over all elements of its columns.

    Attributes:
        mix: change of its part of the denominator x (its expected ratio - the expected ratio of the total).
        rate: its expected part of the denominator x the change of its ratio.
        product: change of the part x change of the ratio.
    """

    mix: float
    rate: float
    product: float


class Cause(Struct, frozen=True):
    """An element that explains a part of the change.

    Attributes:
        conditions: what it fixes, sorted by column; 1 to ``depth``.
        effect: in which way it moved the total.
        presence: whether it is new or vanished.
        actual: its sum (size), ratio (rate) or part of the denominator (mix).
        expected: the same, expected.
        share: the part of the total's change that goes away if the element is put back to expected; over 1 if others
            offset it.
        gain: log likelihood ratio of a shift of the element to none; comparable within one answer.
        also: other elements of nearly the same rows, which the data cannot tell apart from this one.
        terms: only of a ratio.
    """

    conditions: tuple[Condition, ...]
    effect: Effect
    presence: Presence
    actual: float
    expected: float
    share: float
    gain: float
    also: tuple[tuple[Condition, ...], ...] = ()
    terms: RatioTerms | None = None


class Explanation(Struct, frozen=True):
    """Why a total moved.

    Attributes:
        conclusion: what kind of answer it is; there are causes exactly if it is ``CAUSES``.
        actual: the total (a sum, or a ratio of sums).
        expected: the same, expected.
        common: actual / expected that every value shares and that is taken out before causes are looked for; 1: none.
        causes: best first.
    """

    conclusion: Conclusion
    actual: float
    expected: float
    common: float
    causes: tuple[Cause, ...]


class Contribution(Struct, frozen=True):
    """What one value of a column adds to the change of the total.

    Attributes:
        value: the value, "" for empty cells.
        actual: its sum.
        expected: its expected sum.
        share: its part of the total's change; the shares of a column add up to 1 (0 where the total did not change).
        presence: whether it is new or vanished.
        terms: only of a ratio, where ``share`` is the part of the change that the three terms add up to.
    """

    value: str
    actual: float
    expected: float
    share: float
    presence: Presence
    terms: RatioTerms | None = None


def presence_of(actual: float, expected: float) -> Presence:
    """Return whether something is new, vanished or neither."""
    if expected == 0 and actual != 0:
        return Presence.NEW
    return Presence.VANISHED if actual == 0 and expected != 0 else Presence.BOTH
