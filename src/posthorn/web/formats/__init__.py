"""How dates and numbers are written in Belgium, in each language; Django knows other countries."""
