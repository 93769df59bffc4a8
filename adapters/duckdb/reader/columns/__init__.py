"""What the columns of a table hold: types, numbers, times, roles."""
