"""Settings, start and processes: the only reader of the environment."""
