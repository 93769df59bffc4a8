"""Takes jobs from a source and runs the same use cases as everybody else."""
