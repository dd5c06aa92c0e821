"""The resources of the data interface, each with its fields and what a call does to it."""
