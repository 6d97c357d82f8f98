"""Who writes what when in the sample community. Words stand in texts/*.toml."""
