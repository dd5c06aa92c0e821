"""Belgian formats in German."""
