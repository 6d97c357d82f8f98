"""Fixtures that many test folders share."""
