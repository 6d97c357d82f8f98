"""`mutuals explain`: does a text read like a request, and by which rules? Nothing is stored."""

import json
import sys
from typing import Annotated

import typer

from app.cli.options import out
from app.errors import Stopped

app = typer.Typer()


@app.command()
def explain(
    text: Annotated[str | None, typer.Argument(help="A post's text")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, as a two-letter code")] = None,
    title: Annotated[str | None, typer.Option(help="Its title, where it has one")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Judge a file: one JSON object a line in, one a line out")
    ] = False,
) -> None:
    """Say whether a text reads like a request, and by which rules. Nothing is stored."""
    from warehouse import requests

    if jsonl:
        _, unfit = requests.explain_stream(sys.stdin.buffer, sys.stdout, sys.stderr)
        if unfit:
            raise typer.Exit(1)
    elif text is None:
        raise Stopped(
            'give a text to explain: mutuals explain "Has anybody …?", or --jsonl with a file on standard input'
        )
    else:
        out.print_json(json.dumps(requests.explain(text, language=language, title=title), ensure_ascii=False))
