"""What a value in mutuals.toml must mean, and the sentence with the cure where it does not. May import the schema only."""
