"""What the `mutuals` command can do besides running: one module for each thing, put together in app/cli.py."""
