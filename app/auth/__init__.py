"""Who somebody is and what they may see. Knows the settings and the process state; no data, no page."""
