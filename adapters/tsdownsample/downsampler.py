"""Which points of a long series are drawn: MinMaxLTTB, the extremes, and whatever must not be lost."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler
from typing_extensions import override

from domain.ports.analyses import Downsampler
from domain.timeseries.aggregation import Floats, Ints

_MIN_MAX_LTTB: Final[Any] = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call]  # the library has no annotations


class MinMaxLttbDownsampler(Downsampler):
    """MinMaxLTTB (Van Der Donckt et al. 2023, arXiv:2305.00332) over the finite values.

    We depart from it in adding to its choice both ends, the first smallest and the first largest value, and ``keep``.
    """

    @override
    def choose(self, values: Floats, limit: int, keep: Sequence[int]) -> Ints:
        n = len(values)
        if n <= limit:
            return np.arange(n, dtype=np.int64)
        required = np.unique(np.asarray(keep, dtype=np.int64))
        finite = np.flatnonzero(np.isfinite(values))
        wanted = max(limit - len(required) - 4, 3)
        chosen = finite
        if len(finite) > wanted:
            # Times do not matter to the choice: buckets of equal numbers of points are what the chart shows.
            places = _MIN_MAX_LTTB.downsample(np.ascontiguousarray(values[finite]), n_out=wanted)
            chosen = finite[places.astype(np.int64)]
        ends = np.array([0, n - 1], dtype=np.int64)
        extremes = finite[[np.argmin(values[finite]), np.argmax(values[finite])]] if len(finite) else ends
        return np.unique(np.concatenate([chosen, required, ends, extremes]))
