"""Accounts, sessions, datasets and analyses in one SQLite file."""
