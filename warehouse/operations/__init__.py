"""What keeps a data folder healthy: nightly duties, backup and restore, its status."""
