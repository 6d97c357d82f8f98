"""From the networks to rows. May see `warehouse`; never `app`."""
