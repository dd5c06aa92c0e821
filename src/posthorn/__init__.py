"""Delivers an accounting firm's documents to accounting packages, and keeps the proof."""
