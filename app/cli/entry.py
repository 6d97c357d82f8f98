"""The `mutuals` command: every command by its name, and the module of this package that has it.

Exit codes: 0 done; 1 something did not work (the message says what and the cure); 2 it cannot start like this.
"""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from rich.markup import escape
from typer.core import TyperGroup

from app.cli.options import err
from app.errors import Stopped
from warehouse.errors import CasebookError, NotPublished, SettingsError, WarehouseError

# In the order of the help. Only the module of the command that is asked for is imported: pandas and the like take seconds.
COMMANDS = {
    "up": "run",
    "demo": "run",
    "collect": "run",
    "dashboard": "run",
    "check": "status",
    "status": "status",
    "tell": "notify",
    "rebuild": "status",
    "explain": "explain",
    "groups": "groups",
    "export": "export",
    "report": "report",
    "import-csv": "import_csv",
    "opt-out": "privacy",
    "erase": "privacy",
    "subject-export": "privacy",
    "backup": "backup",
    "restore": "backup",
    "digest": "notify",
    "retain": "privacy",
    "roles": "roles",
}


class _Imported(Mapping[str, Any]):
    """Name → command, each imported when it is looked up."""

    def __getitem__(self, name: str) -> Any:
        return typer.main.get_group(import_module(f"app.cli.{COMMANDS[name]}").app).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Commands(TyperGroup):
    """The group of all commands; the one that is asked for is imported, and for the help all of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Imported()  # type: ignore[assignment]


main = typer.Typer(
    name="mutuals",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@main.callback()
def mutuals() -> None:
    """Look after your group's online presence: who asked, who was answered, who is still waiting."""


def entry() -> None:
    """Run the command. Mistakes that a person can mend end in one sentence, not in a traceback."""
    try:
        main()
    except (SettingsError, WarehouseError, CasebookError, Stopped) as error:
        err.print(f"[bold red]mutuals:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(1 if isinstance(error, NotPublished) else 2)


if __name__ == "__main__":
    entry()
