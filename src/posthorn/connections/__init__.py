"""Where documents go: connectors, connections, integrations, and the mail that leaves."""
