"""`mutuals roles`: who may see what in the dashboard, where people sign in."""

import json
from dataclasses import asdict
from difflib import get_close_matches
from typing import Annotated

import typer
from rich.table import Table

from app.cli.options import AsJson, Config, DataDir, out
from app.errors import Stopped
from warehouse.settings import Role, Settings, add_role, load_settings, remove_roles
from warehouse.settings.schema import NOBODY

app = typer.Typer()
roles = typer.Typer(no_args_is_help=True, help="Who may see what in the dashboard, where people sign in.")
app.add_typer(roles, name="roles")

_WHO = Annotated[str, typer.Argument(help="An e-mail address, or what the provider says of them: groups=volunteers")]


@roles.command("list")
def roles_list(config: Config = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Everybody who may see something."""
    settings = load_settings(config, data_dir)
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in settings.roles], default=str))
        return
    if not settings.roles:
        out.print(
            f"Nobody has a role in {settings.config} yet. Begin with yourself: "
            "mutuals roles add you@example.org --role organiser"
        )
    else:
        table = Table("Who", "Role", "Groups", "Name")
        for one in settings.roles:
            table.add_row(one.who or one.claim, one.role, ", ".join(one.groups) or "every group", one.name)
        out.print(table)
    if not settings.sign_in:
        out.print("Roles count once people sign in: docs/sign-in.md says how to set it up.")


@roles.command("add")
def roles_add(
    who: _WHO,
    role: Annotated[str, typer.Option(help="organiser, groupworker or trustee; none shuts somebody out of all")],
    group: Annotated[
        list[str] | None, typer.Option(help="A group's id; may be given several times. Default: every group")
    ] = None,
    name: Annotated[str, typer.Option(help="What the others call this person")] = "",
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Let somebody see something, from now on; also in a dashboard that is running."""
    settings = load_settings(config, data_dir)
    named = {"who": who} if "@" in who else {"claim": who}
    add_role(settings.config, Role(role, groups=tuple(group or ()), name=name, **named))
    out.print(f"{who} is shut out." if role == NOBODY else f"{who} may now see what {role}s see.")


@roles.command("remove")
def roles_remove(who: _WHO, config: Config = None, data_dir: DataDir = None) -> None:
    """Take all roles of somebody away, from now on; open pages of theirs are emptied within about 15 seconds."""
    settings = load_settings(config, data_dir)
    gone = _of(settings, who)
    remove_roles(settings.config, gone)
    out.print(f"{who}: {len(gone)} {'role' if len(gone) == 1 else 'roles'} taken away.")
    if "@" in who and any(one.claim for one in settings.roles):
        out.print(
            "There are roles by claim too, which may let them in. To shut them out of everything, whatever the provider says: "
            f"mutuals roles add {who} --role none"
        )
    if not any(one.role == "organiser" and not one.groups for one in settings.roles if one not in gone):
        out.print("Nobody is organiser of every group now: mutuals roles add you@example.org --role organiser")


def _of(settings: Settings, who: str) -> list[Role]:
    found = [one for one in settings.roles if who.strip().lower() == one.who or who.strip() == one.claim]
    if not found:
        known = [one.who or one.claim for one in settings.roles]
        near = get_close_matches(who, known, 1)
        cure = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
        raise Stopped(f"{settings.config}: {who!r} has no role; {cure}")
    return found
