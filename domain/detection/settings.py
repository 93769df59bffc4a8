"""What a user may choose of detection."""

import math
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from domain.errors import InvalidInputError
from domain.struct import AsText, Struct

STANDARD_SENSITIVITY: Final = 0.5  # the middle of the range is the tested preset


class Reported(StrEnum):
    """Which directions the user wants to hear of."""

    UP = "up"
    DOWN = "down"
    BOTH = "both"


class MinChange(Struct, frozen=True):
    """The least distance from the expected value that counts: absolute, or in percent of it."""

    amount: float
    percent: bool = False


def min_change_of(text: str, field: str = "minChange") -> MinChange:
    """Read "500" (in the metric's unit) or "20%" (of the expected value).

    Raises:
        InvalidInputError: it is neither, or not above 0; ``field`` is what the user calls it.
    """
    percent = text.endswith("%")
    try:
        amount = float(text.removesuffix("%"))
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount > 0):
        raise InvalidInputError(
            f"{field}: {text!r} is not possible; write a number above 0 like 500, or a share like 20%.", field=field
        )
    return MinChange(amount=amount, percent=percent)


class DetectionSettings(Struct, frozen=True, kw_only=True):
    """What the user may choose of detection."""

    sensitivity: Annotated[
        Annotated[float, Meta(ge=0, le=1)], Meta(description="0 reports only the plainest, 1 everything suspicious.")
    ] = STANDARD_SENSITIVITY
    direction: Annotated[Reported, Meta(description="Report rises, falls or both.")] = Reported.BOTH
    min_change: Annotated[
        MinChange | None,
        Meta(description="Least distance from the expected value: absolute (500), or 20% of it."),
        AsText(example="20%", read=min_change_of),
    ] = None
