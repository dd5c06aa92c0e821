"""Finds the project's own files of statements."""

from __future__ import annotations

from pathlib import Path

OWN = Path(__file__).parents[3] / "samples" / "statements"
CAMT = (OWN / "camt053-v8-two-accounts.xml").read_bytes()
MT940 = (OWN / "two-accounts.940").read_bytes()
CODA = (OWN / "two-accounts.cod").read_bytes()
