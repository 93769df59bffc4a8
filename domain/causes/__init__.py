"""Which values of which columns explain that a total moved. Enter through ``localise.localise``."""
