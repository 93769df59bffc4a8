"""What a series is expected to be: scale, season, level shifts, trend."""
