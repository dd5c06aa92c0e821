"""Belgian formats in Dutch."""
