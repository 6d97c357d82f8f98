"""Opting out, erasing, letting go in time, and telling somebody all that is held about them."""
