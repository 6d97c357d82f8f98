"""The page behind the link in the weekly mail: no more of it, or again. Asks first, for mail programs open links by themselves.

It needs no sign-in: whoever has the mail may stop it. The answer is the same for every link that is not ours.
"""

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import runtime
from app.data import readers
from app.ui.markup import Html, tag
from app.ui.words import t
from warehouse.casebook.mail_preferences import PATH, is_unsubscribed, person_of_token, record_choice
from warehouse.errors import CasebookError, WarehouseError
from warehouse.settings import Person
from warehouse.storage.keys import load_key

_LONGEST = 200  # characters of a link, bytes of an answer
_AGAIN = b"again=1"
_STYLE = "font:18px/1.5 'Segoe UI',system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1F2B2A"


async def unsubscribe(request: Request) -> Response:
    """GET asks; POST does it, also when a mail program posts by itself (RFC 8058). `again=1` takes it back."""
    given = request.query_params.get("who", "")[:_LONGEST]
    said = b""
    async for piece in request.stream():
        said += piece[: _LONGEST - len(said)]
    try:
        return await run_in_threadpool(_answered, given, request.method == "POST", said == _AGAIN)
    except (WarehouseError, CasebookError):
        return _page(t("unsubscribe.failed"), status=503)


def _answered(given: str, is_told: bool, is_again: bool) -> Response:
    settings = runtime.current().settings
    person = person_of_token(settings, load_key(settings.data_dir), given)
    if person is None:
        return _page(t("unsubscribe.unknown"), status=404)
    if is_told:
        record_choice(readers.casebook_for_mail(), person, wants=is_again, at=datetime.now(UTC))
    has_left = person.name.casefold() in is_unsubscribed(readers.casebook_for_mail())
    if has_left:
        return _page(t("unsubscribe.done"), _button(person, given, t("unsubscribe.again"), is_again=True))
    asked = t("unsubscribe.back" if is_told else "unsubscribe.ask")
    return _page(asked, _button(person, given, t("unsubscribe.leave"), is_again=False))


def _button(person: Person, given: str, label: str, *, is_again: bool) -> Html:
    hidden = Html('<input type="hidden" name="again" value="1">') if is_again else Html("")
    style = (
        "font:inherit;padding:.6em 1.2em;border-radius:8px;border:1px solid #1B6B66;background:#1B6B66;color:#FFFFFF"
    )
    button = tag("button", label, type="submit", style=style)
    return tag("form", hidden, button, method="post", action=f"{PATH}?who={given}", aria_label=person.name)


def _page(text: str, *more: Html, status: int = 200) -> HTMLResponse:
    title = t("unsubscribe.title")
    head = tag(
        "head", Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width">'), tag("title", title)
    )
    inside = tag("main", tag("h1", title), tag("p", text), *more)
    page = tag("html", head, tag("body", inside, style=_STYLE), lang="en-GB")
    return HTMLResponse(f"<!doctype html>\n{page}", status_code=status, headers={"Cache-Control": "no-store"})
