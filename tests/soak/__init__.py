"""The figures that take hours: every fault as often as a release demands."""
