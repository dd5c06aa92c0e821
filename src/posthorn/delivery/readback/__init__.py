"""Asks packages what became of the documents they were given, and keeps what they say."""
