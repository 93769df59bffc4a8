"""Sample datasets, generated with numpy from fixed seeds."""
