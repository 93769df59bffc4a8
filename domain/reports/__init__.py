"""Reports: documents made from an analysis."""
