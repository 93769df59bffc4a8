"""One folder per technology; each imports the domain and its one driver, never another adapter."""
