"""Reads UBL 2.1 invoices and credit notes, and the older UBL 2.0 ones of the same namespaces."""
