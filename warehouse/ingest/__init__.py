"""A batch of rows → the stored tables: admission, upsert, and which days and conversations it touched."""
