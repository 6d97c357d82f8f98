"""Read-only copies of the warehouse for the dashboard: publishing one, finding the newest, reading it."""
