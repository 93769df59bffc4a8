"""Which points of a series are abnormal, how sure that is, and why. Enter through ``classify.detect``."""
