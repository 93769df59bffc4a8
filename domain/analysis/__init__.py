"""The finished analysis of one metric and what it is built from."""
