"""What can go wrong with the data folder, in words for a person."""


class WarehouseError(Exception):
    """The data folder cannot be used as it is. The message names the thing and the cure; nothing was lost."""
