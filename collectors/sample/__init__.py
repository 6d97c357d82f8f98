"""The sample community: a made-up world and the servers that show it, speaking the networks' APIs over HTTP.

Used by `mutuals demo` and by the tests. Nothing else imports it.
"""
