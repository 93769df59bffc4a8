"""The choice of the points that are drawn."""

from collections.abc import Callable, Sequence

from domain.timeseries.aggregation import Floats, Ints

# values, limit, positions to keep -> about ``limit`` ascending positions, every extreme and all to keep among them;
# ``domain.ports.analyses.Downsampler.choose`` is one
ChoosePoints = Callable[[Floats, int, Sequence[int]], Ints]
