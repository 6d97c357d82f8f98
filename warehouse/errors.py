"""What can go wrong with the settings and the data folder, in words for a person."""


class SettingsError(Exception):
    """Settings that cannot be used. The message is for a person: the thing, the place, the cure."""


class WarehouseError(Exception):
    """The data folder cannot be used as it is. The message names the thing and the cure; nothing was lost."""
