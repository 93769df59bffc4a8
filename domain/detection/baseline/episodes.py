"""Episodes: stretches on another level that end with a return to about the level before."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.detection.baseline.level_shifts import Shift

SHORT_ONE_IN: Final = 16  # of the points: the return from a shorter stretch is no finding
MOST_SHIFTS: Final = 4  # with more the level moves often, and none of its levels is the usual one
RETURNS_WITHIN: Final = 0.5  # of the change: what is further from the level before is another level
# Of the points of the two levels beside it: what is longer is a level like these. Where it is at most half as long as
# both together, two thirds of the points are on the level that was left and came back.
LONGEST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Episode:
    """The shift that begins an episode, the one that ends it, and whether it is so short that its end is no finding."""

    start: Shift
    back: Shift
    short: bool


def find(shifts: Sequence[Shift], points: int) -> list[Episode]:
    """Find the pairs of neighbouring shifts of which the second takes back the first.

    A return does not begin an episode itself, unless that is short. A level that the user declared is none.

    Args:
        shifts: of the model, in order of time.
        points: of the series.
    """
    if len(shifts) > MOST_SHIFTS:
        return []
    episodes: list[Episode] = []
    edges = [0, *(shift.at for shift in shifts), points]
    for place, (start, back) in enumerate(pairwise(shifts)):
        if start.declared or back.declared or abs(start.change + back.change) > RETURNS_WITHIN * abs(start.change):
            continue
        length = back.at - start.at
        beside = start.at - edges[place] + edges[place + 3] - back.at
        short = length <= points / SHORT_ONE_IN
        begun = bool(episodes) and episodes[-1].back is start
        if short or (length <= LONGEST * beside and not begun):
            episodes.append(Episode(start, back, short))
    return episodes
