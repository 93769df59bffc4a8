"""File formats that are read into tables."""
