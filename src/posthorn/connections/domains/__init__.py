"""Domains that firms send mail from: their keys, their DNS records, and whether all of it fits."""
