"""Who somebody is and what they may see: sign-in, roles, sign-out, the access log.

May import the settings, ui and the process state; no data.
"""
