"""What the user says of anomalies, and which time it applies to."""
