"""Puts real rows and real files in place for the crash suite and the benchmarks."""
