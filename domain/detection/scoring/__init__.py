"""From detector scores to anomalies: thresholds, combination, events, severity."""
