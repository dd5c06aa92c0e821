"""Reads bank statement files."""
