"""Environments for MCP clients; the client is that of the official SDK."""

from __future__ import annotations

import asyncio
import sys
import urllib.error
import urllib.request

import gymnasium
import pytest

import agentgym_envs
from agentgym_envs import cli
from agentgym_envs.errors import BadOption
from agentgym_wrappers.inverse import call_of

mcp = pytest.importorskip("mcp")

from agentgym_server import mcp_server  # noqa: E402

TIMEOUT = 60
READY = {
    spec.name.partition(".")[0]: spec.id
    for spec in agentgym_envs.SPECS
    if spec.entry and "." not in spec.name
}


def stdio(*options):
    command = ["-m", "agentgym_envs", "serve", "--mcp", *options]
    return mcp.StdioServerParameters(command=sys.executable, args=command)


def run(main):
    return asyncio.run(asyncio.wait_for(main(), TIMEOUT))


def texts(result):
    return [block.text for block in result.content]


async def play(client, env_id, item, **kwargs):
    """Play an item as its expert does, by calls; give what the last call told."""
    twin = gymnasium.make(env_id, **kwargs).unwrapped
    first, _ = twin.reset(options={"item": item})
    begun = await client.call_tool("new_episode", {"item": item})
    assert texts(begun) == [first] and not begun.is_error
    while not twin.is_over:
        name, arguments = call_of(twin.action_schema, twin.expert_action())
        result = await client.call_tool(name, arguments)
        text, reward, *_ = twin.step(twin.expert_action())
        assert texts(result)[0] == text
        assert result.structured_content["reward"] == reward
    return result


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_plays_over_standard_input_and_output(mode):
    async def main():
        async with mcp.Client(
            stdio("TextCraft", "--split", "test"), mode=mode
        ) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {
                "get",
                "craft",
                "inventory",
                "new_episode",
                "episode_observation",
                "episode_score",
            }
            schema = gymnasium.make("agentgym/TextCraft-v0").unwrapped.action_schema
            assert tools["craft"].input_schema == schema[1]["parameters"]
            assert "Call `new_episode` first." in client.instructions
            return await play(client, "agentgym/TextCraft-v0", 444, split="test")

    result = run(main)
    assert result.structured_content["success"]
    assert result.structured_content["score"] == 1.0
    assert "The episode is over (success)" in texts(result)[1]


def test_over_http_each_session_has_an_episode_of_its_own(serve):
    url = serve("--mcp", "Maze", "--mcp-http", "--max-envs", "2").address
    assert url.endswith("/mcp")

    async def main():
        async with mcp.Client(url) as one, mcp.Client(url) as other:
            await one.call_tool("new_episode", {"item": 3})
            await other.call_tool("new_episode", {"item": 4})
            await one.call_tool("move", {"direction": "up"})
            scores = [
                (await client.call_tool("episode_score", {})).structured_content
                for client in (one, other)
            ]
            assert [score["item"] for score in scores] == ["maze_3", "maze_4"]
            assert [score["steps"] for score in scores] == [1, 0]
            with pytest.raises(Exception):  # noqa: B017  # what a 503 becomes
                async with mcp.Client(url):
                    raise AssertionError("there are two sessions already")
            won = await play(one, "agentgym/Maze-v0", 5)
        for item in (6, 7, 8):  # who ends a session makes room
            async with mcp.Client(url) as later:
                begun = await later.call_tool("new_episode", {"item": item})
                assert not begun.is_error
        return won

    assert run(main).structured_content["success"]


def test_over_http_strangers_are_refused(serve):
    token = "a token of the test".replace(" ", "-")
    url = serve("--mcp", "Maze", "--mcp-http", "--token", token).address
    request = urllib.request.Request(url, b"{}", {"Authorization": "Bearer nonsense"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=TIMEOUT)
    assert refused.value.code == 401
    refused.value.close()


def maze(**kwargs):
    return lambda: gymnasium.make("agentgym/Maze-v0", **kwargs)


def in_process(main, **kwargs):
    """Run a coroutine with a client of a Maze in this process."""

    async def around():
        server = mcp_server.build_server(maze(**kwargs), has_sessions=False)
        async with mcp.Client(server) as client:
            return await main(client)

    return run(around)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("move", {"direction": "in"}, "must be one of up, down, left, right"),
        ("move", {"direction": "up", "far": True}, "takes no argument 'far'"),
        ("move", {}, "needs the argument 'direction'"),
    ],
)
def test_a_wrong_call_is_answered_and_counts_a_step(tool, arguments, told):
    async def main(client):
        await client.call_tool("new_episode", {"item": 3})
        return await client.call_tool(tool, arguments)

    result = in_process(main)
    assert result.is_error and told in texts(result)[0]
    assert result.structured_content["steps"] == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("new_episode", {"item": "mouse_3"}, "no item 'mouse_3'"),
        ("new_episode", {"item": [1]}, "an item is an index or an id"),
        ("new_episode", {"seed": -1}, "A seed is an integer from 0"),
        ("new_episode", {"seed": True}, "A seed is an integer from 0"),
        ("new_episode", {"level": 3}, "takes item and seed, not 'level'"),
        ("jump", {}, "There is no tool 'jump'; there are move, new_episode,"),
    ],
)
def test_a_refused_call_leaves_the_episode_as_it_is(tool, arguments, told):
    async def main(client):
        await client.call_tool("new_episode", {"item": 3})
        refused = await client.call_tool(tool, arguments)
        assert refused.is_error and told in texts(refused)[0]
        return await client.call_tool("move", {"direction": "up"})

    result = in_process(main)
    assert result.structured_content["steps"] == 1
    assert result.structured_content["item"] == "maze_3"


def test_play_begins_with_an_episode_and_ends_with_it():
    async def main(client):
        early = await client.call_tool("move", {"direction": "up"})
        assert early.is_error and "Call `new_episode` first" in texts(early)[0]
        first = texts(await client.call_tool("new_episode", {"seed": 7}))
        assert texts(await client.call_tool("episode_observation", {})) == first
        assert texts(await client.call_tool("new_episode", {"seed": 7})) == first
        last = await client.call_tool("move", {"direction": "up"})
        assert last.structured_content["end_reason"] == "horizon"
        late = await client.call_tool("move", {"direction": "up"})
        assert late.is_error and "this call did nothing" in texts(late)[0]
        assert late.structured_content == last.structured_content
        return texts(await client.call_tool("episode_score", {}))

    told = in_process(main, horizon=1)
    assert told == [
        "The score is 0. The episode is over (horizon); `new_episode` begins another."
    ]


def test_seats_are_bounded_and_leased():
    now = [0.0]
    seats = mcp_server.Seats(maze(), most=2, lease=10.0, clock=lambda: now[0])
    first, _ = seats.take("a"), seats.take("b")
    assert seats.take("a") is first
    with pytest.raises(mcp_server.ServerFull, match="at most 2"):
        seats.take("c")
    now[0] = 9.0
    seats.take("a")
    now[0] = 11.0
    seats.take("c")  # b has not been used for more than ten seconds
    assert len(seats) == 2 and seats.take("a") is first
    seats.close()
    assert len(seats) == 0


@pytest.mark.parametrize("family", sorted(READY))
def test_no_family_has_a_function_of_our_names(family):
    ours = {tool.name for tool in mcp_server.OURS}
    schema = gymnasium.make(READY[family]).unwrapped.action_schema
    assert not ours & {function["name"] for function in schema}


def test_a_function_of_our_names_is_refused(monkeypatch):
    monkeypatch.setattr(mcp_server, "OURS", (mcp_server.OURS[0], mcp_server.OURS[0]))
    with pytest.raises(BadOption, match="a function named as one of"):
        mcp_server.build_server(maze(), has_sessions=False)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--mcp", "Mase"], "did you mean Maze?"),
        (["--mcp-http"], "belong to --mcp ENV"),
        (["--mcp", "Maze", "--split", "dev"], "split must be one of"),
        (["--mcp", "Maze", "--mcp-http", "--host", "0.0.0.0"], "give a --token"),
    ],
)
def test_mistakes_on_the_command_line_are_told_in_a_line(options, told, capsys):
    assert cli.main(["serve", *options]) == 2
    said = capsys.readouterr()
    assert told in said.err and said.out == "" and said.err.count("\n") == 1
