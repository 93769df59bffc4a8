"""What answers each call: one module per subject. Which path leads where stands in ``routes``."""
