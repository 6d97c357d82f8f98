"""Every SELECT the pages make, one module per family of pages. Without joins and definitions: those are in warehouse/models.

Each query takes a reader and the time it is asked at, and returns a data frame (ids as text, times in UTC). They are called
as `queries.community.newcomers(...)`: the modules of app.analytics that work on their rows have the same names.
"""

from app.queries import collection, community, content, export, period, queue, summary, timing, week

__all__ = ["collection", "community", "content", "export", "period", "queue", "summary", "timing", "week"]
