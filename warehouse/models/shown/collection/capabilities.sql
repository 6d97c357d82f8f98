-- title: What each server allows
-- definition: What we may read on each server without signing in or with the token we have, and what to do where it is closed. Closed is not the same as nothing there.
-- grain: one row per server and capability
select
    network,
    server,
    capability,
    state,
    reason,
    cure,
    checked_at
from stored.capabilities
