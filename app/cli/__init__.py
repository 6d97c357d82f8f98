"""The `mutuals` command, a module for each family of commands, put together in entry.py.

The composition root: the one package that sees collectors, warehouse and dashboard, and hands each what it needs of another.
"""
