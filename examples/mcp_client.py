"""Play an episode through MCP: list the tools, call them, ask for the score.

    python examples/mcp_client.py --env TextCraft

The server is a child process, as the clients of assistants start one; the calls here
are an expert's, where a language model's would be.
"""

import argparse
import asyncio
import sys

import gymnasium
import mcp

from agentgym_wrappers.inverse import call_of


async def play(name: str, item: int) -> None:
    server = mcp.StdioServerParameters(
        command=sys.executable, args=["-m", "agentgym_envs", "serve", "--mcp", name]
    )
    twin = gymnasium.make(f"agentgym/{name}-v0").unwrapped  # knows what to do
    twin.reset(options={"item": item})
    async with mcp.Client(server) as client:
        print(client.instructions, end="\n\n")
        for tool in (await client.list_tools()).tools:
            print(f"{tool.name}: {tool.description}")
        result = await client.call_tool("new_episode", {"item": item})
        print(result.content[0].text)
        while not twin.is_over:
            action = twin.expert_action()
            twin.step(action)
            function, arguments = call_of(twin.action_schema, action)
            result = await client.call_tool(function, arguments)
            print(f"> {function} {arguments}\n{result.content[0].text}")
        score = await client.call_tool("episode_score", {})
        print(score.content[0].text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--env", default="TextCraft", help="a family")
    parser.add_argument("--item", type=int, default=3)
    options = parser.parse_args()
    asyncio.run(play(options.env, options.item))


if __name__ == "__main__":
    main()
