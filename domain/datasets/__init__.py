"""Datasets: versions, states, parse options, columns, storage keys."""
