"""What several pages draw: the frame of a page, the period picker, panels with charts, freshness, the tour.

Draws with Streamlit. May import data, auth, reports, charts, analytics, queries and ui.
"""
