"""The DuckDB file: its opener and lock, migrations, the shape of a row, keyed ids, and what is read of it between cycles."""
