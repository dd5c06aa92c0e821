"""Belgian formats in French."""
