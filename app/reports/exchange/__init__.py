"""Numbers as files: CSV and Parquet out, CSV in."""
