"""Bluesky over the sample world: AppView, PDS and Jetstream."""
