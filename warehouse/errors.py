"""What can go wrong with the settings and the data folder, in words for a person."""

import errno
from pathlib import Path


class SettingsError(Exception):
    """Settings that cannot be used. The message is for a person: the thing, the place, the cure."""


class WarehouseError(Exception):
    """The data folder cannot be used as it is. The message names the thing and the cure; nothing was lost."""


class NotRetryable(WarehouseError):
    """A WarehouseError that stays until a person does something: a newer version, a damaged file."""


class NotPublished(WarehouseError):
    """What was collected is stored, but the pages go on showing what was published before. The message says why."""


class CasebookError(Exception):
    """The casebook cannot be used. The message names it and the cure; nothing was lost."""


def explain_unwritable(path: Path | str, error: OSError) -> WarehouseError:
    """The operating system would not let us write there: why, and the cure for that."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return WarehouseError(f"{path}: the disk is full; make room and try again. Nothing stored is lost")
    return WarehouseError(
        f"{path}: cannot be written ({error.strerror or error}); make it yours, or choose another with --data-dir"
    )
