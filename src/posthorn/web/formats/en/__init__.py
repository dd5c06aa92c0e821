"""Belgian formats in English."""
