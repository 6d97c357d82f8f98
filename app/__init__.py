"""The face of Mutuals: pages, command line, web server, papers. May see `warehouse`; only `app.cli` sees `collectors` too."""
