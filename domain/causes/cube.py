"""The elements of a leaf table: every combination of values of up to so many columns that has data.

A *leaf* is one combination of all columns, a *cuboid* a set of columns, an *element* one combination of values of a
cuboid (the terms of Squeeze, Li et al., ISSRE 2019, section II). Elements are enumerated from the leaves, never from
the product of the value counts, and numbered through all cuboids, so that a quantity of all elements is one array.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import comb

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BLANK = ""  # the value of an empty cell: it counts in every sum and is no cause
FEW = 0.05  # part of the leaves up to which they are summed one by one instead of through all cuboids
MOST_CELLS = 10_000_000  # cuboids x leaves that are numbered at once: 80 MB; wider tables are searched less deep


@dataclass(frozen=True, slots=True)
class Leaves:
    """Columns as codes, constant columns left out, each combination of values once.

    Attributes:
        names: the columns that vary, sorted, so that the order of the input does not matter.
        values: per column the distinct values, sorted.
        codes: per column the index of each leaf's value, shape (leaves,).
        rows: the leaf of each row of the input, shape (rows,).
    """

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: tuple[Integers, ...]
    rows: Integers

    @property
    def count(self) -> int:
        """The number of leaves."""
        return len(self.codes[0]) if self.codes else int(self.rows.size > 0)

    def total(self, numbers: Floats) -> Floats:
        """Sum the numbers of the rows, shape (rows,), per leaf, shape (leaves,)."""
        return np.asarray(np.bincount(self.rows, numbers, self.count), np.float64)


def leaves_of(columns: Mapping[str, Sequence[str]], rows: int) -> Leaves:
    """Code the columns and merge rows that have the same values in all of them."""
    names, values, codes = [], [], []
    for name in sorted(columns):
        distinct = sorted(set(columns[name]))
        if len(distinct) > 1:
            index = {value: code for code, value in enumerate(distinct)}
            names.append(name)
            values.append(tuple(distinct))
            codes.append(np.fromiter(map(index.__getitem__, columns[name]), np.int64, rows))
    leaf = np.zeros(rows, np.int64)
    size = 1
    for code, distinct_values in zip(codes, values, strict=True):
        leaf, size = _numbered(leaf * len(distinct_values) + code, size * len(distinct_values))
    first = _first(leaf, size)
    return Leaves(tuple(names), tuple(values), tuple(code[first] for code in codes), leaf)


def _numbered(keys: Integers, bound: int) -> tuple[Integers, int]:
    """Replace keys in [0, bound) by 0, 1, ... in their order; return them and how many there are."""
    if bound > 8 * len(keys) + 1024:  # a table of all keys would be larger than sorting them is slow
        distinct, numbers = np.unique(keys, return_inverse=True)
        return numbers.astype(np.int64), len(distinct)
    present = np.zeros(bound, np.bool_)
    present[keys] = True
    numbers = np.cumsum(present) - 1
    return numbers[keys], int(numbers[-1]) + 1 if bound else 0


def _first(numbers: Integers, count: int) -> Integers:
    """Return the position of the first occurrence of each number below ``count``."""
    first = np.zeros(count, np.int64)
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    return first


@dataclass(frozen=True, slots=True)
class Cube:
    """All elements of up to ``depth`` columns.

    Attributes:
        leaves: the leaf table.
        cuboids: per cuboid the places of its columns in ``leaves.names``, fewest columns first.
        elements: the element of each leaf in each cuboid, numbered from 0 in each, shape (cuboids, leaves).
        starts: the number of each cuboid's first element among all elements and, last, how many there are.
        first: one leaf of each element, shape (elements,).
        blank: whether an element fixes a column to an empty cell, shape (elements,).
        sources: per cuboid the smallest one of one more column, -1 for the leaves themselves.
        parents: per cuboid its element of each element of its source.
    """

    leaves: Leaves
    cuboids: tuple[tuple[int, ...], ...]
    elements: Integers
    starts: Integers
    first: Integers
    blank: Flags
    sources: tuple[int, ...]
    parents: tuple[Integers, ...]

    @property
    def count(self) -> int:
        """The number of elements."""
        return int(self.starts[-1])

    @property
    def layers(self) -> Integers:
        """The number of columns that each element fixes, shape (elements,)."""
        return np.repeat([len(axes) for axes in self.cuboids], np.diff(self.starts)).astype(np.int64)

    @property
    def sizes(self) -> Integers:
        """The number of elements in the cuboid of each element, shape (elements,)."""
        return np.repeat(np.diff(self.starts), np.diff(self.starts))

    def total(self, numbers: Floats | None = None, chosen: Integers | None = None) -> Floats:
        """Sum numbers of the leaves per element.

        Args:
            numbers: one per leaf, shape (leaves,), or one per chosen leaf; None: 1 each, which counts them.
            chosen: the leaves to sum; None: all.

        Returns:
            The sums, shape (elements,).
        """
        sums = np.zeros(self.count)
        if chosen is not None and len(chosen) <= self.leaves.count * FEW:
            for of, (start, end) in zip(self.elements, pairwise(self.starts), strict=True):
                sums[start:end] = np.bincount(of[chosen], numbers, end - start)
            return sums
        every = np.zeros(self.leaves.count)
        every[slice(None) if chosen is None else chosen] = 1.0 if numbers is None else numbers
        for cuboid in range(len(self.cuboids) - 1, -1, -1):  # most columns first: a coarser cuboid sums a finer one
            start, end, source = self.starts[cuboid], self.starts[cuboid + 1], self.sources[cuboid]
            finer = every if source < 0 else sums[self.starts[source] : self.starts[source + 1]]
            sums[start:end] = np.bincount(self.parents[cuboid], finer, end - start)
        return sums

    def cuboid_of(self, element: int) -> int:
        """Return the place of the element's cuboid."""
        return int(np.searchsorted(self.starts, element, "right")) - 1

    def below(self, element: int) -> Integers:
        """Return the leaves below the element."""
        cuboid = self.cuboid_of(element)
        return np.flatnonzero(self.elements[cuboid] == element - self.starts[cuboid])

    def named(self, element: int) -> dict[str, str]:
        """Return the columns that the element fixes, with their values."""
        leaf = self.first[element]
        return {
            self.leaves.names[axis]: self.leaves.values[axis][self.leaves.codes[axis][leaf]]
            for axis in self.cuboids[self.cuboid_of(element)]
        }


def cube_of(leaves: Leaves, depth: int) -> Cube:
    """Number all elements of up to ``depth`` columns, or of as many as ``MOST_CELLS`` allows (at least one)."""
    width = len(leaves.names)
    cells, allowed = 0, 0
    for layer in range(1, min(depth, width) + 1):
        cells += comb(width, layer) * leaves.count
        allowed = layer if layer == 1 or cells <= MOST_CELLS else allowed
    cuboids = [axes for layer in range(1, allowed + 1) for axes in combinations(range(width), layer)]
    numbers: dict[tuple[int, ...], tuple[Integers, int]] = {(): (np.zeros(leaves.count, np.int64), 1)}
    rows = np.empty((len(cuboids), leaves.count), np.int64)
    starts, firsts, blanks = [0], [], []
    empty = [values[0] == BLANK for values in leaves.values]  # values are sorted: the blank one is the first
    for place, axes in enumerate(cuboids):
        parent, size = numbers[axes[:-1]]
        wide = len(leaves.values[axes[-1]])
        ids, count = _numbered(parent * wide + leaves.codes[axes[-1]], size * wide)
        if len(axes) < allowed:
            numbers[axes] = ids, count
        rows[place] = ids
        starts.append(starts[-1] + count)
        firsts.append(_first(ids, count))
        blank = np.zeros(count, np.bool_)
        for axis in axes:
            if empty[axis]:
                blank |= leaves.codes[axis][firsts[-1]] == 0
        blanks.append(blank)
    sources = _sources(cuboids, np.diff(starts))
    parents = tuple(row if source < 0 else row[firsts[source]] for row, source in zip(rows, sources, strict=True))
    return Cube(
        leaves,
        tuple(cuboids),
        rows,
        np.array(starts, np.int64),
        np.concatenate([*firsts, np.zeros(0, np.int64)]),
        np.concatenate([*blanks, np.zeros(0, np.bool_)]),
        sources,
        parents,
    )


def _sources(cuboids: Sequence[tuple[int, ...]], sizes: Integers) -> tuple[int, ...]:
    """Return per cuboid the place of the smallest cuboid of one more column that contains it, -1 if there is none."""
    finest: dict[tuple[int, ...], int] = {}
    for place, axes in enumerate(cuboids):
        for left_out in range(len(axes)):
            coarser = axes[:left_out] + axes[left_out + 1 :]
            if coarser not in finest or sizes[place] < sizes[finest[coarser]]:
                finest[coarser] = place
    return tuple(finest.get(axes, -1) for axes in cuboids)
