"""Stand-ins for the systems Posthorn delivers to, for demonstrations, tests and measurements."""
