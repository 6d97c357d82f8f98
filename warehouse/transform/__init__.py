"""The models: stored → prepared → frozen, and the definition of every number in words."""
