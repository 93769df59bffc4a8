"""Users and refresh sessions in PostgreSQL."""
