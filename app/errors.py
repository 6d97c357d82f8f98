"""How a command ends early: with one sentence."""


class Stopped(Exception):
    """The command cannot go on. The message names the thing and the cure."""
