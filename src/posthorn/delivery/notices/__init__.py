"""Mails people what they must know: gathered per person, sent once, tried again for days."""
