"""Telling people that somebody waits: policy (pure) → messages → a channel; and the weekly mail's sending."""
