"""How sure an anomaly is, in words."""

from typing import Final

from domain.detection.scoring.certainty import LEAST

FEWEST: Final = 2  # of fewer series, "once in" says nothing


def how_sure(chance: float) -> str:
    """Say how often chance makes an anomaly as clear: ``By chance, about 1 in 300 such series shows one as clear``.

    Args:
        chance: how many such anomalies a series without any shows on average, positive.
    """
    series = 1.0 / chance
    if series < FEWEST:
        return "By chance, most such series show one as clear."
    if chance <= LEAST:
        return f"By chance, fewer than 1 in {1.0 / LEAST:,.0f} such series show one as clear."
    return f"By chance, about 1 in {float(f'{series:.1g}'):,.0f} such series shows one as clear."
