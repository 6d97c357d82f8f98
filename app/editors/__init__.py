"""Forms that change something other than the queue: rota, dates, roles, opting out, settings.

Draws with Streamlit. May import components, data, auth and ui.
"""
