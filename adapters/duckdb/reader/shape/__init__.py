"""Shapes of tables that are not one row for one time: recognised and turned."""
