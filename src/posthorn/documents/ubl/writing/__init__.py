"""Writes the business terms of EN 16931 as UBL, one module for each kind of group."""
