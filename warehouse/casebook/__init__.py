"""What people decide, in SQLite or PostgreSQL: appended events with who and when, and what follows from them."""
