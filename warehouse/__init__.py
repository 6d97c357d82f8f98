"""From rows to numbers. Sees neither `collectors` nor `app`."""
