"""A table of orders in which the revenue of one day falls, of one region or of all."""

import random

DAYS = [f"2024-{1 + day // 28:02}-{1 + day % 28:02}" for day in range(28 * 5)]
BROKEN = DAYS[100]


def orders(broken: str = BROKEN, *, everywhere: bool = False) -> bytes:
    """Revenue of four regions and three plans; on one day the North falls to a fifth, or everything to a half."""
    draw = random.Random(5)
    lines = ["date,region,plan,revenue,orders"]
    for day in DAYS:
        for region in ("North", "South", "East", ""):
            for plan in ("free", "pro", "team"):
                revenue = 100 + 10 * draw.random()
                factor = (0.5 if everywhere else 0.2 if region == "North" else 1.0) if day == broken else 1.0
                lines.append(f"{day},{region},{plan},{revenue * factor:.2f},{10 * factor:.0f}")
    return ("\n".join(lines) + "\n").encode()
