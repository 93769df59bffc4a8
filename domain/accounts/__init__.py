"""Accounts: users, sessions, passwords, rate limits."""
