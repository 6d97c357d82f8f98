"""Telling people that somebody waits: decide (pure) → write down → send → say how it went."""
