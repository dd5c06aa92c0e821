"""Firms, their people, roles and clients, and the trail of what was done."""
