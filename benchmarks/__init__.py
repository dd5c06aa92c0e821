"""Measures Posthorn against a peer or a limit, always in the same run."""
