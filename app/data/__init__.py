"""What pages read and write: readers narrowed to somebody's role, and the casebook.

The one way from a page to anybody's data. May import auth and the warehouse.
"""
