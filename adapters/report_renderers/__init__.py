"""Reports: one analysis as CSV, JSON, one HTML file, or a typeset PDF."""
