"""Kills workers at random and at named points, then counts what was lost, doubled or stuck."""
