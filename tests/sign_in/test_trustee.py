"""A trustee asks for everything there is, in every way there is, and gets no row that names or quotes anybody."""

import sqlite3
from collections.abc import Iterator

import pytest

from tests.sign_in.dashboard import HILLSIDE, RIVERSIDE, ROOT, Served
from tests.sign_in.http_session import Line, Person
from tests.sign_in.setup import DEE, HAL, NOBODY, TESS, House

pytestmark = pytest.mark.signin

VIEWS = sorted(view.stem for view in (ROOT / "app" / "views").glob("*.py"))
NOT_THEIRS = (*RIVERSIDE, *HILLSIDE, "Hillside Friends", "carers.example", HAL, DEE)
ADDRESSES = ["group=riverside", "group=hillside", "group=hillside&group=riverside&all_groups=true", "group=%27--"]
ROUTES = [
    "/waiting", "/remember", "/remember?name=Dee&sign=00", "/unsubscribe", "/unsubscribe?who=x", "/keyboard.js", "/healthz",
    "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/stream",
    "/_stcore/agent/interact", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/upload_file/x/y",
    "/_stcore/bidi-components/x/y", "/component/x/index.html", "/app/static/mutuals.toml", "/app/static/../../mutuals.toml",
    "/media/../mutuals.toml", "/media/%2e%2e%2fcasebook.sqlite", "/static/../../key", "/mutuals.toml", "/casebook.sqlite",
    "/access-log", "//etc/passwd",
]  # fmt: skip


def events(dashboard: Served) -> int:
    """How many decisions were recorded."""
    with sqlite3.connect(f"file:{dashboard.folder / 'casebook.sqlite'}?mode=ro", uri=True) as casebook:
        return int(casebook.execute("select count(*) from events").fetchone()[0])


def scripts(house: House) -> dict[str, str]:
    """Page → the number by which the browser asks for it, as an organiser sees them."""
    with house.person() as dee:
        dee.sign_in(DEE)
        with dee.line() as line:
            line.ask()
            return dict(line.scripts)


def shows_nothing(line: Line) -> None:
    """Nothing that ever came through this line is somebody's word or name."""
    came = b"\n".join(line.came).decode(errors="replace")
    assert [word for word in NOT_THEIRS if word in came] == []


@pytest.fixture
def tess(house: House) -> Iterator[Person]:
    with house.person() as person:
        person.sign_in(TESS)
        yield person


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_s_address_gives_a_trustee_anything(tess: Person, view: str) -> None:
    with tess.line() as line:
        for query in ADDRESSES:
            line.ask(view, query)
        shows_nothing(line)
        assert set(line.pages) == {"", "what_the_numbers_mean", "first_visit"}


def test_no_page_s_number_gives_a_trustee_anything(house: House, tess: Person) -> None:
    numbers = scripts(house)
    assert len(numbers) >= len(VIEWS) - 1
    with tess.line() as line:
        line.ask()
        for number in numbers.values():
            line.ask(query="group=riverside", script=number)
        shows_nothing(line)


def test_a_trustee_s_press_on_a_groupworker_s_button_is_not_recorded(house: House, tess: Person) -> None:
    with house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            line.ask()
            buttons = {label: number for label, number in line.widgets.items() if label != "Sign out"}
    assert len(buttons) > 3
    before = events(house.dashboard)
    with tess.line() as line:
        for number in buttons.values():
            line.ask("waiting", press=number)
            line.ask("summary", press=number)
        shows_nothing(line)
    assert events(house.dashboard) == before


def test_a_groupworker_of_one_group_sees_nothing_of_the_other(house: House) -> None:
    with house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            for view in VIEWS:
                for query in ADDRESSES:
                    line.ask(view, query)
            came = b"\n".join(line.came).decode(errors="replace")
    assert RIVERSIDE[0] in came
    assert [word for word in (*HILLSIDE, "Hillside Friends") if word in came] == []


def test_a_groupworker_gets_no_organiser_s_page(house: House) -> None:
    numbers = scripts(house)
    with house.person() as hal:
        hal.sign_in(HAL)
        with hal.line() as line:
            for view in ("who_may", "set_up", "exports", "weekly_mail"):
                line.ask(view)
                line.ask(script=numbers[view])
            came = b"\n".join(line.came).decode(errors="replace")
    assert "Let somebody in" not in came
    assert TESS not in came
    assert line.files.keys().isdisjoint({"Take the numbers"})


@pytest.mark.parametrize("route", ROUTES)
def test_no_other_address_gives_anybody_a_word(house: House, tess: Person, route: str) -> None:
    with house.person() as stranger:
        for who in (tess, stranger):
            for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
                answer = who.http.request(method, route)
                said = answer.text + str(answer.headers)
                assert [word for word in (*NOT_THEIRS, "[[groups]]", "SQLite format") if word in said] == []
                assert answer.status_code < 500


def test_a_file_is_only_for_who_may_see_it(house: House) -> None:
    with house.person() as dee, house.person() as nobody, house.person() as stranger:
        dee.sign_in(DEE)
        nobody.sign_in(NOBODY)
        with dee.line() as line:
            line.ask("exports")
            [file_id] = line.files.values()
            where = line.take(file_id)
            assert where.startswith("/media/")
            own = dee.http.get(where)
            assert own.content.startswith(b"PK")
            assert own.headers["Cache-Control"] == "no-store"
            for person in (nobody, stranger):
                answer = person.http.get(where)
                assert answer.status_code == 403
                assert b"PK" not in answer.content


def test_a_trustee_takes_their_own_report_and_nobody_else_s(house: House, tess: Person) -> None:
    with house.person() as stranger, tess.line() as line:
        line.ask("summary")
        where = line.take(next(iter(line.files.values())))
        assert tess.http.get(where).content.startswith(b"%PDF")
        assert stranger.http.get(where).status_code == 403


def test_a_stranger_s_line_gets_no_file_by_its_number(house: House) -> None:
    with house.person() as dee, house.person() as stranger:
        dee.sign_in(DEE)
        with dee.line() as line, stranger.line() as other:
            line.ask("exports")
            [file_id] = line.files.values()
            other.ask()
            where = other.take(file_id)
            assert not where or stranger.http.get(where).status_code == 403


def test_where_somebody_looked_is_written_down_and_what_they_saw_is_not(house: House, tess: Person) -> None:
    with tess.line() as line:
        line.ask("summary")
    [file] = (house.dashboard.folder / "access-log").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    lines = file.read_text()
    assert TESS in lines
    assert "summary" in lines
    assert [word for word in (*RIVERSIDE, *HILLSIDE) if word in lines] == []


def test_what_was_built_is_what_the_tests_look_for(house: House) -> None:
    """The words that must not be seen are there to be seen: an organiser sees all of them."""
    with house.person() as dee:
        dee.sign_in(DEE)
        with dee.line() as line:
            shown = line.ask("waiting", "group=riverside") + line.ask("waiting", "group=hillside")
    assert [word for word in (*RIVERSIDE, *HILLSIDE) if word not in shown] == []
