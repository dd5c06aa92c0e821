"""Reads the business terms of EN 16931 from UBL, one module for each kind of group."""
