"""A Mastodon API over the sample world, as Mastodon 4.5, GoToSocial or Takahe answer."""
