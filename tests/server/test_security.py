"""What strangers and fools send is refused or bounded, and the server lives on."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import ExitStack, suppress

import msgpack
import pytest
from servers import MOODY, OFFER, Background
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

MAZE = "agentgym/Maze-v0"
ODD = "test/Odd-v0"
LEAVING = "server_games:test/Leaving-v0"
TOKEN = "a-token-of-some-length"
PACKED = {"content-type": "application/msgpack"}
JSON = {"content-type": "application/json"}


@pytest.fixture
def start(background):
    """Starts a server that has to be alive at the end."""
    started = []

    def run(**options):
        server = background(**options)
        started.append(server)
        return server

    yield run
    for server in started:
        with server.client() as client:
            assert client.get("/healthz").json()["status"] == "ok"


@pytest.fixture(scope="module")
def shared():
    """One server with default settings, which many tests bother."""
    with Background(offer=(OFFER, f"server_games:{ODD}")).run() as server:
        yield server
        with server.client() as client:
            assert client.get("/healthz").json()["status"] == "ok"


def make(client, env_id=MAZE, **kwargs):
    entries = [{"env_id": env_id, "kwargs": kwargs}]
    (result,) = client.post("/v1/create", json={"entries": entries}).json()["results"]
    return result


def ask(client, operation, **entry):
    reply = client.post(f"/v1/{operation}", json={"entries": [entry]})
    return reply.json()["results"][0]


def dial(server):
    host, port = server.address.removeprefix("http://").split(":")
    link = socket.create_connection((host, int(port)), timeout=20)
    return link


def raw(server, data):
    """Send bytes as they are; give all that comes back."""
    with dial(server) as link:
        link.sendall(data)
        return heard(link)


def heard(link):
    found = b""
    while data := link.recv(2**16):
        found += data
    return found


def socket_of(server, **headers):
    url = server.address.replace("http", "ws") + "/v1/socket"
    return connect(
        url,
        compression=None,
        additional_headers=headers,
        max_size=None,
        close_timeout=0.5,
    )


# Snapshots


def test_hostile_and_damaged_snapshots_are_refused(start):
    server = start(workers=1)
    with server.client() as client:
        session = make(client)["session"]
        ask(client, "reset", session=session, seed=0)
        kept = ask(client, "snapshot", session=session)["snapshot"]
        good = msgpack.packb({"entries": [{"session": session}]})
        whole = msgpack.unpackb(
            client.post("/v1/snapshot", content=good, headers=PACKED).content
        )["results"][0]["snapshot"]
        hostile = [
            b"",
            b"\x80\x05cos\nsystem\n(S'touch /tmp/owned'\ntR.",
            whole[:-1],
            whole[:20] + bytes([whole[20] ^ 1]) + whole[21:],
            whole[:13] + b"[" * 100_000,
            b"AGYM\x01" + bytes(2**20),
        ]
        for data in hostile:
            body = {"entries": [{"session": session, "snapshot": data}]}
            reply = client.post(
                "/v1/restore", content=msgpack.packb(body), headers=PACKED
            )
            (result,) = msgpack.unpackb(reply.content)["results"]
            assert result["error"]["code"] == "bad_snapshot"
        body = {"entries": [{"session": session, "snapshot": "no base64!"}]}
        assert client.post("/v1/restore", json=body).status_code == 422
        assert ask(client, "restore", session=session, snapshot=kept) == {"over": False}
        assert ask(client, "step", session=session, action="x")["info"]["steps"] == 1


# Strangers


@pytest.fixture(scope="module")
def guarded():
    """One server with a token."""
    with Background(token=TOKEN).run() as server:
        yield server
        with server.client() as client:
            assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer a-token-of-some-lengtX",
        f"Bearer {TOKEN}x",
        "Basic !!!",
        "Basic dXNlcjp3cm9uZw==",
        f"Digest {TOKEN}",
        "Bearer \xff\xfe",
    ],
)
def test_without_the_token_nothing_is_told(guarded, header):
    server = guarded
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    with server.client(headers=headers) as client:
        for path in ("/v1/tasks", "/metrics", "/openapi.json", "/docs", "/nothing"):
            reply = client.get(path)
            assert (reply.status_code, reply.json()["error"]["code"]) == (401, "token")
        assert client.post("/v1/create", json={"entries": []}).status_code == 401
        assert client.post("/maze/create").status_code == 401
    if header is None:
        with pytest.raises(InvalidStatus), socket_of(server):
            pass


@pytest.mark.parametrize("user", ["", "anyone"])
def test_the_token_may_be_the_password_in_an_address(guarded, user):
    server = guarded
    with server.client(auth=(user, TOKEN)) as client:
        assert client.get("/v1/tasks").status_code == 200
    with server.client(headers={"authorization": f"Bearer {TOKEN}"}) as client:
        assert client.get("/metrics").status_code == 200
    with socket_of(server, authorization=f"Bearer {TOKEN}"):
        pass


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil"])
def test_a_name_that_is_not_this_machines_is_refused(shared, host):
    """Else a web page could have its own name point here."""
    server = shared
    with server.client(headers={"host": host}) as client:
        assert client.get("/v1/tasks").status_code == 403
    with server.client(headers={"host": "localhost:1"}) as client:
        assert client.get("/v1/tasks").status_code == 200


def test_web_pages_are_refused_unless_they_are_allowed(start):
    server, page = start(), "http://page.example"
    with server.client(headers={"origin": page}) as client:
        assert client.post("/v1/create", json={"entries": []}).status_code == 403
    with pytest.raises(InvalidStatus), socket_of(server, origin=page):
        pass
    with server.client(headers={"origin": server.address}) as client:
        assert client.post("/v1/create", json={"entries": []}).status_code == 200
    server = start(cors=(page,))
    with server.client(headers={"origin": page}) as client:
        reply = client.post("/v1/create", json={"entries": []})
        assert reply.headers["access-control-allow-origin"] == page
    with server.client(headers={"origin": "http://other.example"}) as client:
        assert client.post("/v1/create", json={"entries": []}).status_code == 403


def test_ids_of_others_are_not_to_be_had(start):
    server = start()
    with server.client() as client:
        ask(client, "reset", session=make(client)["session"])
        mine = [make(client)["session"] for _ in range(30)]
        assert len({id[:3] for id in mine}) > 10, "nothing to count up"
        number = client.post("/maze/create").json()["id"]
        for id in (mine[0][:-1], mine[0] + "A", "", str(number), "maze", "*", "\0"):
            for operation in ("step", "close", "snapshot", "reset", "fork"):
                entry = {"session": id}
                if operation == "step":
                    entry["action"] = "move up"
                told = ask(client, operation, **entry)
                assert (
                    told == {"closed": False} or told["error"]["code"] == "no_session"
                )
        for id in (number, ["maze", number], None, {"maze": number}):
            body = {"entries": [{"session": id}]}
            assert client.post("/v1/close", json=body).status_code == 422
        reply = client.post("/maze/step", json={"id": mine[0], "action": "x"})
        assert reply.status_code == 422
    assert len(server.sessions) == 32


# Floods


def test_a_body_that_is_too_long_is_refused_before_it_is_read(start):
    server = start(max_body=2000)
    with server.client() as client:
        reply = client.post("/v1/step", content=b"x" * 2001, headers=JSON)
        assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_long")
        assert client.post("/maze/step", content=b"x" * 2001).status_code == 413
        entries = [{"session": "x", "action": "y" * 1800}]
        assert client.post("/v1/step", json={"entries": entries}).status_code == 200
    head = b"POST /v1/step HTTP/1.1\r\nHost: localhost\r\n"
    promised = head + b"Content-Length: 99999999999\r\n\r\n"
    assert raw(server, promised).startswith(b"HTTP/1.1 413")
    chunks = b"Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
    reply = raw(server, head + chunks + 20 * (b"C8\r\n" + 200 * b"[" + b"\r\n"))
    assert reply.startswith(b"HTTP/1.1 413")


def test_a_message_that_is_too_long_closes_its_websocket(start):
    server = start(max_body=2000)
    with socket_of(server) as link:
        link.send(b"x" * 2001)
        with pytest.raises(ConnectionClosed):
            link.recv(timeout=10)


def test_a_batch_that_is_too_large_is_refused(start):
    server = start(max_batch=8)
    with server.client() as client:
        entries = [{"env_id": MAZE}] * 9
        assert client.post("/v1/create", json={"entries": entries}).status_code == 413
    assert len(server.sessions) == 0


@pytest.mark.parametrize("path", ["/v1/create", "/v1/step", "/maze/step"])
def test_deep_json_is_refused(shared, path):
    server = shared
    with server.client() as client:
        for letter in (b"[", b'{"a":'):
            reply = client.post(path, content=letter * 200_000, headers=JSON)
            assert reply.status_code in (400, 422)
            assert "error" in reply.json() or "detail" in reply.json()
            assert len(reply.content) < 2000


def test_deep_and_lying_messagepack_is_refused(shared):
    server = shared
    with server.client() as client:
        for body in (
            b"\x91" * 200_000,
            b"\x81\xa1a" * 100_000,
            b"\xdd\xff\xff\xff\xff",
            b"\xdf\xff\xff\xff\xff",
            b"\xc6\xff\xff\xff\xff",
            b"\xc7\x03\x01abc",
            b"\xc1",
        ):
            reply = client.post("/v1/create", content=body, headers=PACKED)
            assert reply.status_code == 400
            assert reply.json()["error"]["code"] == "bad_request"


def test_options_and_keywords_have_a_depth(shared):
    server = shared
    deep = {}
    for _ in range(40):
        deep = {"a": [deep]}
    with server.client() as client:
        entries = [{"env_id": MAZE, "kwargs": deep}]
        assert client.post("/v1/create", json={"entries": entries}).status_code == 422
        session = make(client)["session"]
        entries = [{"session": session, "options": deep}]
        assert client.post("/v1/reset", json={"entries": entries}).status_code == 422
        told = ask(client, "reset", session=session, options={"a": [{}]})
        assert told["error"]["code"] == "bad_option"


@pytest.mark.parametrize(
    "body", ['{"entries": NaN}', '{"entries": 1e999}', "null", "3"]
)
def test_odd_json_is_refused(shared, body):
    with shared.client() as client:
        reply = client.post("/v1/create", content=body, headers=JSON)
        assert reply.status_code == 422


def test_who_sends_a_head_or_a_body_too_slowly_is_left(start):
    server = start(header_seconds=0.4, body_seconds=0.4)
    head = b"POST /v1/step HTTP/1.1\r\nHost: localhost\r\n"
    began = time.monotonic()
    with dial(server) as silent, dial(server) as slow, dial(server) as late:
        slow.sendall(head)
        late.sendall(
            head + b"Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
        ended = threading.Event()

        def trickle():
            while not ended.wait(0.05):
                try:
                    slow.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert heard(silent) == b""
            with suppress(ConnectionResetError):  # a letter was under way
                assert heard(slow) == b""
            assert heard(late).startswith(b"HTTP/1.1 408")
        finally:
            ended.set()
            thread.join()
    assert time.monotonic() - began < 10


def test_the_second_request_of_a_connection_has_to_arrive_too(start):
    server = start(header_seconds=0.4)
    with dial(server) as link:
        link.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        reply = b""
        while not reply.endswith(b"}"):
            reply += link.recv(2**16)
        assert reply.startswith(b"HTTP/1.1 200")
        link.sendall(b"GET /healthz HTTP/1.1\r\nHo")
        assert heard(link) == b""


def test_connections_that_are_slow_but_fast_enough_are_served(start):
    server = start(header_seconds=5.0, body_seconds=5.0)
    body = b'{"entries": []}'
    data = b"POST /v1/close HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    data += b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with dial(server) as link:
        for start_ in range(0, len(data + body), 16):
            link.sendall((data + body)[start_ : start_ + 16])
            time.sleep(0.01)
        assert heard(link).endswith(b'{"results":[]}')


def test_there_are_only_so_many_connections(start):
    server = start(max_connections=8)
    links = [dial(server) for _ in range(12)]
    try:
        links[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert links[-1].recv(2**16).startswith(b"HTTP/1.1 503")
    finally:
        for link in links:
            link.close()
    time.sleep(0.2)


def test_there_are_only_so_many_websockets(start):
    server = start(max_sockets=3)
    with ExitStack() as stack:
        links = [stack.enter_context(socket_of(server)) for _ in range(5)]
        for link in links[3:]:
            with pytest.raises(ConnectionClosed) as end:
                link.recv(timeout=10)
            assert end.value.rcvd.code == 1013
        links[0].send(json.dumps({"id": 1, "op": "close", "entries": []}))
        assert json.loads(links[0].recv(timeout=10))["done"]
    with socket_of(server) as link:
        link.send(json.dumps({"id": 2, "op": "close", "entries": []}))
        assert json.loads(link.recv(timeout=10))["id"] == 2


def test_a_flood_of_messages_waits_its_turn(start):
    server = start(offer=(OFFER,), max_pending=4)
    with server.client() as client:
        session = make(client, MOODY)["session"]
    (id,) = server.sessions.ids()
    stored = server.sessions.find(id)
    with socket_of(server) as link:
        step = {
            "op": "step",
            "entries": [{"session": session, "action": "sleep 0.002"}],
        }
        reset = {"op": "reset", "entries": [{"session": session, "seed": 0}]}
        link.send(json.dumps({**reset, "id": 0}))
        link.recv(timeout=10)
        most, count = 0, 400
        for number in range(count):
            link.send(msgpack.packb({**step, "id": number}))
            most = max(most, stored.calls)
        for number in range(count):
            most = max(most, stored.calls)
            assert msgpack.unpackb(link.recv(timeout=10))["id"] == number
        assert 0 < most <= 4


def test_who_does_not_read_is_not_written_to_for_ever(start):
    server = start(max_pending=4, max_body=2**20)
    with server.client() as client:
        session = make(client, horizon=10**9)["session"]
        ask(client, "reset", session=session, seed=0)
        stored = server.sessions.find(session)
        entries = [{"session": session, "name": "action_schema"}] * 200
        data = msgpack.packb({"id": 1, "op": "call", "entries": entries})
        done = threading.Event()

        def flood(link):
            with suppress(ConnectionClosed):
                while not done.is_set():
                    link.send(data)

        with socket_of(server) as link:
            thread = threading.Thread(target=flood, args=(link,), daemon=True)
            thread.start()
            for _ in range(20):
                time.sleep(0.02)
                assert stored.calls <= 800
                assert client.get("/healthz").status_code == 200
            done.set()
            link.socket.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def test_nonsense_on_a_websocket_is_answered(shared):
    server = shared
    with socket_of(server) as link:
        for message in (
            "{",
            b"\xc1",
            "[]",
            b"\x90",
            "3",
            json.dumps({"op": "step"}),
            json.dumps({"id": "x", "op": "step"}),
            json.dumps({"id": 1, "op": "__init__"}),
            json.dumps({"id": 1, "op": ["step"]}),
            json.dumps({"id": 1, "op": "step", "entries": 3}),
            json.dumps({"id": 1, "op": "step", "entries": [], "more": 1}),
            "[" * 100_000,
        ):
            link.send(message)
            reply = link.recv(timeout=10)
            read = msgpack.unpackb if isinstance(reply, bytes) else json.loads
            assert read(reply)["error"]["code"] == "bad_request"


# Ways out


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/v1/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/..\\..\\etc\\passwd",
        "//etc/passwd",
        "/v1/tasks/../../../etc/passwd",
        "/static/../app.py",
        "/%00",
        "/maze/%00/observation",
        "/" + "a" * 50_000,
        "http://evil.example/v1/tasks",
    ],
)
def test_paths_lead_to_routes_or_nowhere(shared, path):
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    reply = raw(shared, request.encode())
    assert reply.split()[1] in (b"404", b"400", b"414", b"405")
    assert b"root:" not in reply


def test_double_slashes_count_as_one(shared):
    server = shared
    with server.client() as client:
        assert client.get(f"{server.address}//v1///tasks").status_code == 200


@pytest.mark.parametrize(
    ("env_id", "kwargs"),
    [
        ("os:agentgym/Maze-v0", {}),
        ("antigravity:agentgym/Maze-v0", {}),
        ("CartPole-v1", {}),
        ("../Maze-v0", {}),
        ("agentgym/WebShop-v0", {"data": "/etc/passwd"}),
        ("agentgym/SearchQA-v0", {"retriever": "http://169.254.169.254/"}),
        ("agentgym/SearchQA-v0", {"retriever": {"kind": "server"}}),
        ("agentgym/SciWorld-v0", {"java": "/bin/sh"}),
        ("agentgym/WebShop-v0", {"noun_fn": "spacy:x"}),
        ("agentgym/WebShop-v0", {"num_products": 10**12}),
        ("agentgym/Academia-v0", {"graph": "/etc/passwd"}),
        ("agentgym/Weather-v0", {"backend": "live"}),
        ("agentgym/Maze-v0", {"render_mode": "human"}),
        ("agentgym/Maze-v0", {"max_episode_steps": 3}),
        ("agentgym/Maze-v0", {"size": 10**6}),
        ("agentgym/Maze-v0", {"__class__": 3}),
        ("agentgym/Maze-v0", {"split": "../../x"}),
        ("agentgym/Maze-v0", {"horizon": -1}),
    ],
)
def test_clients_name_no_modules_files_or_servers(shared, env_id, kwargs):
    with shared.client() as client:
        assert make(client, env_id, **kwargs)["error"]["code"] == "bad_option"


@pytest.mark.parametrize(
    "name", ["__class__", "close", "unwrapped", "tasks", "set_wrapper_attr", "_act"]
)
def test_only_questions_are_answered(shared, name):
    with shared.client() as client:
        session = make(client)["session"]
        body = {"entries": [{"session": session, "name": name}]}
        assert client.post("/v1/call", json=body).status_code == 422


# Insides


def test_no_stack_trace_leaves_the_server(start, monkeypatch):
    server = start(offer=(OFFER,))
    with server.client() as client:
        session = make(client, MOODY)["session"]
        told = client.post(
            "/v1/reset",
            json={"entries": [{"session": session, "options": {"mood": 3}}]},
        )
        assert told.json()["results"][0]["info"]["end_reason"] == "crash"
        ask(client, "reset", session=session)
        told = ask(client, "step", session=session, action="boom")
        assert told["truncated"]
        assert told["info"]["failure"].startswith("ValueError: boom (vector_games.py")
        told = ask(client, "call", session=session, name="goal")
        assert told["error"]["code"] == "failed"

        def fail(id):
            raise RuntimeError("a secret")

        monkeypatch.setattr(server.sessions, "find", fail)
        reply = client.post(
            "/v1/step", json={"entries": [{"session": session, "action": "x"}]}
        )
        assert reply.status_code == 500
        assert reply.json()["error"]["code"] == "internal"
        monkeypatch.undo()
        for text in (told["error"]["message"], reply.text):
            assert "Traceback" not in text
            assert "secret" not in text
            assert ".py" not in text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/maze/reset", b'{"id": NaN, "game": 1}'),
        ("/wordle/reset", b'{"id": 0, "seed": 1e999}'),
        ("/maze/step", b'{"id": "\\ud800", "action": "x"}'),
    ],
)
def test_what_json_can_not_tell_again_is_a_mistake_of_the_caller(shared, path, body):
    with shared.client() as client:
        reply = client.post(path, content=body, headers=JSON)
        assert reply.status_code == 422
        assert reply.json()["detail"][0]["loc"][0] == "body"


def test_a_body_that_can_not_be_read_is_a_bad_request_for_all_dialects(shared):
    with shared.client() as client:
        for path in ("/maze/reset", "/webshop/reset"):
            body = b'{"id": ' + b"1" * 5000 + b"}"
            assert client.post(path, content=body, headers=JSON).status_code == 400


def test_half_a_character_comes_back_from_a_game(shared):
    with shared.client() as client:
        number = client.post("/textcraft/create", json={}).json()["id"]
        body = b'{"id": %d, "action": "get \\ud800"}' % number
        reply = client.post("/textcraft/step", content=body, headers=JSON)
        assert reply.json()["observation"] == "Could not execute get \ud800"


def test_an_origin_that_is_no_address_is_refused(shared):
    with shared.client(headers={"Origin": "http://["}) as client:
        assert client.get("/healthz").status_code == 403


def test_files_of_the_server_are_not_told(start, tmp_path):
    place = tmp_path / "secret"
    server = start(data={"maze": str(place)})
    with server.client() as client:
        told = client.post("/maze/create").json()
        assert told == {"error": "the server's data can't be read"}
        assert make(client)["error"]["message"] == told["error"]


@pytest.mark.parametrize("action", ["complex", "key", "deep"])
def test_what_can_not_be_sent_fails_alone_and_is_answered(shared, action):
    with shared.client() as client, socket_of(shared) as link:
        odd, other = (make(client, ODD)["session"] for _ in range(2))
        for session in (odd, other):
            ask(client, "reset", session=session)
        entries = [
            {"session": odd, "action": action},
            {"session": other, "action": "x"},
        ]
        reply = client.post("/v1/step", json={"entries": entries})
        assert reply.status_code == 200
        link.send(json.dumps({"id": 1, "op": "step", "entries": entries}))
        for results in (reply.json()["results"], json.loads(link.recv(20))["results"]):
            assert results[0]["error"]["code"] == "failed"
            assert "can't be sent" in results[0]["error"]["message"]
            assert results[1]["observation"] == "x"


def test_who_leaves_the_process_while_made_or_closed_keeps_it_running(start):
    server = start(threads=1, offer=(LEAVING,))
    with server.client() as client:
        told = make(client, "test/Leaving-v0", split="make")
        assert told["error"]["code"] == "failed"
        session = make(client, "test/Leaving-v0", split="close")["session"]
        assert ask(client, "close", session=session) == {"closed": True}
        assert "session" in make(client)
