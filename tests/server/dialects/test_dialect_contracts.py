"""What holds on the routes of every family, as AgentGym's protocol has it."""

from __future__ import annotations

import pytest
from dialect_table import (
    BY_ID,
    DIALECTS,
    FAILED,
    INDEXED,
    NOBODY,
    Player,
    fits,
    needs_engine,
)

BODIES = [None, {}, {"id": 0}, {"id": 0, "minecraft_dir": "there/"}]
every = pytest.mark.parametrize("dialect", DIALECTS, ids=str)


@pytest.fixture
def player(http, dialect):
    needs_engine(dialect)
    made = Player(http, dialect)
    yield made
    made.post("close")


@every
def test_the_root_greets(http, dialect):
    reply = http.get(f"/{dialect.prefix}/")
    assert (reply.status_code, reply.json()) == (200, dialect.greeting)
    assert reply.headers["content-type"] == "application/json"


@every
@pytest.mark.parametrize("body", BODIES, ids=str)
def test_create_needs_no_body_and_ignores_what_it_does_not_know(http, dialect, body):
    needs_engine(dialect)
    sent = {} if body is None else {"json": body}
    made = http.post(f"/{dialect.prefix}/create", **sent)
    assert made.status_code == 200
    number = made.json() if dialect.fails else made.json()["id"]
    assert type(number) is int
    keys = {"id"}
    if dialect.prefix == "textcraft":
        keys |= {"observation", "done", "reward"}
    assert dialect.fails or set(made.json()) == keys
    http.post(f"/{dialect.prefix}/close", json={dialect.key: number})


@every
def test_an_episode_begins_and_goes_on(player, dialect):
    begun = player.reset()
    assert begun.status_code == 200
    first = begun.json()
    if dialect.prefix in ("webshop", "sqlgym"):
        text, nothing = first
        assert nothing is None
    else:
        text = first if dialect.fails else first["observation"]
    assert type(text) is str and text
    seen = player.get("observation").json()
    assert (seen["observation"] if dialect.prefix == "babyai" else seen) == text
    stepped = player.step()
    assert stepped.status_code == 200
    assert fits(stepped.json(), dialect.step), stepped.json()


@every
def test_every_question_has_an_answer(player, dialect):
    player.reset()
    for path in dialect.gets:
        answer = player.get(path)
        assert answer.status_code == 200, path
        assert "error" not in answer.json(), path


@pytest.mark.parametrize("dialect", INDEXED, ids=str)
def test_an_unknown_number_fails(http, dialect):
    replies = [
        *(http.get(f"/{dialect.prefix}/{p}?env_idx={NOBODY}") for p in dialect.gets),
        _post(http, dialect, "reset", {dialect.item: dialect.number}),
        _post(http, dialect, "step", {"action": dialect.action}),
    ]
    for reply in replies:
        assert (reply.status_code, reply.text) == (500, FAILED)
        assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert _post(http, dialect, "close").json() is False


@pytest.mark.parametrize("dialect", BY_ID, ids=str)
def test_an_unknown_id_is_told(http, dialect):
    reset = {dialect.item: dialect.number, **dialect.more}
    replies = [
        *(http.get(f"/{dialect.prefix}/{p}?id={NOBODY}") for p in dialect.gets),
        _post(http, dialect, "reset", reset),
        _post(http, dialect, "step", {"action": dialect.action}),
    ]
    for reply in replies:
        assert reply.status_code == 200
        assert reply.json() == {"error": f"The id {NOBODY} is not valid."}


def _post(http, dialect, path, body=None):
    body = {dialect.key: NOBODY, **(body or {})}
    return http.post(f"/{dialect.prefix}/{path}", json=body)


@every
def test_what_lacks_a_field_is_refused(player, http, dialect):
    prefix, key = dialect.prefix, dialect.key
    lacking = [
        http.post(f"/{prefix}/step", json={key: player.number}),
        http.post(f"/{prefix}/step", json={"action": dialect.action}),
        http.post(f"/{prefix}/reset", json={dialect.item: 0, **dialect.more}),
        http.post(f"/{prefix}/close", json={}),
        http.post(f"/{prefix}/step"),
        *(http.get(f"/{prefix}/{path}") for path in dialect.gets),
    ]
    if not dialect.optional:
        lacking.append(player.post("reset", dialect.more))
    for field in dialect.more:
        lacking.append(player.post("reset", {dialect.item: 0}))
        assert lacking[-1].json()["detail"][0]["loc"] == ["body", field]
    for reply in lacking:
        assert reply.status_code == 422, reply.url
        assert reply.json()["detail"][0]["type"] == "missing"


@every
def test_what_has_a_wrong_type_is_refused(player, http, dialect):
    wrong = [
        player.post("step", {"action": 5}),
        player.post("step", {dialect.key: "some", "action": ""}),
        player.post("step", {dialect.key: 1.5, "action": ""}),
        player.post("reset", {dialect.item: "some", **dialect.more}),
        player.post("close", {dialect.key: None}),
        http.post(f"/{dialect.prefix}/step", content="{nonsense"),
        *(
            http.get(f"/{dialect.prefix}/{path}", params={dialect.key: "some"})
            for path in dialect.gets
        ),
    ]
    for reply in wrong:
        assert reply.status_code == 422, reply.url
        assert "detail" in reply.json()


@every
def test_numbers_may_be_written_as_texts(player, dialect):
    player.reset()
    body = {dialect.key: str(player.number), "action": dialect.action}
    assert fits(player.post("step", body).json(), dialect.step)


@every
def test_after_the_end(player, dialect):
    won = player.win().json()
    assert fits(won, dialect.step)
    later = player.step()
    assert later.status_code == 200
    if dialect.plays_on:
        assert fits(later.json(), dialect.step)
        return
    finished = f"The task with environment {player.number} has finished."
    assert later.json() == {"error": finished}
    for path in dialect.gets:
        assert player.get(path).json() == {"error": finished}
    assert "error" not in player.reset().json()
    assert fits(player.step().json(), dialect.step)


@every
def test_a_step_before_the_first_reset(player, dialect):
    reply = player.step()
    if dialect.early:
        assert fits(reply.json(), dialect.step)
    elif dialect.fails:
        assert (reply.status_code, reply.text) == (500, FAILED)
    else:
        # The text of the error of a dictionary that lacks the number.
        assert (reply.status_code, reply.json()) == (
            200,
            {"error": str(player.number)},
        )


@every
def test_closing_twice(player, dialect):
    player.reset()
    first, second = player.post("close"), player.post("close")
    assert (first.status_code, first.json()) == (200, True)
    if dialect.prefix == "sciworld":
        assert (second.status_code, second.text) == (500, FAILED)
    else:
        assert (second.status_code, second.json()) == (200, False)
    later = player.step()
    if dialect.fails:
        assert (later.status_code, later.text) == (500, FAILED)
        return
    is_forgotten = dialect.prefix in ("babyai", "textcraft")
    gone = "The id {} is not valid."
    deleted = "The task with environment {} has been deleted."
    text = (gone if is_forgotten else deleted).format(player.number)
    assert (later.status_code, later.json()) == (200, {"error": text})
    assert player.reset().json().keys() == {"error"}


@every
def test_numbers_are_not_given_twice(http, dialect):
    needs_engine(dialect)
    numbers = []
    for _ in range(12):
        player = Player(http, dialect)
        numbers.append(player.number)
        player.post("close")
    assert len(set(numbers)) == 12
    counted = list(range(numbers[0], numbers[0] + 12))
    assert (numbers == counted) == (dialect.prefix not in ("webshop", "sqlgym"))


@every
def test_routes_that_there_are_not(http, dialect):
    reply = http.get(f"/{dialect.prefix}/nothing")
    assert (reply.status_code, reply.json()) == (404, {"detail": "Not Found"})
    reply = http.get(f"/{dialect.prefix}/step")
    assert (reply.status_code, reply.json()) == (405, {"detail": "Method Not Allowed"})


@every
def test_a_base_that_ends_in_a_slash(http, address, dialect):
    needs_engine(dialect)
    base = f"{address}//{dialect.prefix}/"
    made = http.post(f"{base}/create", json={"id": 0})
    number = made.json() if dialect.fails else made.json()["id"]
    closed = http.post(f"{base}/close", json={dialect.key: number})
    assert closed.status_code == 200


@every
@pytest.mark.parametrize(
    "action", ["", " ", "\n" * 5000, "ключ 鍵 🔑", "{0} %s", "x" * 70_000, "\x00"]
)
def test_any_text_is_an_action(player, dialect, action):
    player.reset()
    reply = player.step(action)
    assert reply.status_code == 200 and fits(reply.json(), dialect.step)


@every
def test_a_text_without_meaning_in_unicode_does_no_harm(player, http, dialect):
    player.reset()
    body = f'{{"{dialect.key}": {player.number}, "action": "\\ud800"}}'
    reply = http.post(
        f"/{dialect.prefix}/step",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert reply.status_code in (200, 422, 500)
    assert "Traceback" not in reply.text
    assert player.step().status_code == 200
