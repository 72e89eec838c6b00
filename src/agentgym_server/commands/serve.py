"""Serve environments over HTTP: AgentGym's own routes, and a faster protocol.

agentgym serve                          all families, each under its prefix
agentgym serve --family WebShop         that family's routes at the root, too
agentgym serve --workers 4 --timeout 60 environments in four processes
agentgym serve --host 0.0.0.0 --token "$TOKEN"
agentgym serve --mcp Wordle             an episode as tools, for MCP clients
agentgym serve --openenv Wordle         for the clients of OpenEnv
"""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from agentgym_envs.errors import BadOption, MissingExtra

if TYPE_CHECKING:
    from agentgym_server.settings import Settings
    from agentgym_wrappers.vector.makers import Maker

TOKEN_VARIABLE = "AGENTGYM_TOKEN"
NEVER = 0.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=int, default=8000, help="port (8000); 0 takes a free one")
    add("--family", metavar="NAME", help="serve this family at the root, too")
    add(
        "--token",
        help=f"what clients must show; also from the variable {TOKEN_VARIABLE}",
    )
    add(
        "--data",
        action="append",
        default=[],
        metavar="FAMILY=PATH",
        help="real data of a family; repeatable",
    )
    add(
        "--workers", type=int, default=0, help="processes for environments (0: threads)"
    )
    add("--threads", type=int, default=4, help="threads, if no workers (4)")
    add("--json", action="store_true", help="tell the address as JSON for machines")
    add("--timeout", type=float, help="seconds that a call may take; needs workers")
    add(
        "--lease",
        type=float,
        default=3600.0,
        help="seconds until an unused environment is closed (3600; 0: never)",
    )
    add("--max-envs", type=int, default=1024, help="environments at a time (1024)")
    add(
        "--offer",
        action="append",
        default=[],
        metavar="MODULE:ID",
        help="serve an environment of another package, too; repeatable",
    )
    add(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let web pages of this origin call (* for all); repeatable",
    )
    add("--mcp", metavar="ENV", help="serve this environment to an MCP client instead")
    add(
        "--mcp-http",
        action="store_true",
        help="at /mcp over HTTP, where it would be standard input and output",
    )
    add("--openenv", metavar="ENV", help="serve this environment to OpenEnv clients")
    add("--split", help="items that these clients draw from: train, test or all")


def run(options: argparse.Namespace) -> int:
    """Serve until a signal comes."""
    if options.mcp:
        return run_mcp(options)
    if options.openenv:
        return run_openenv(options)
    if options.mcp_http or options.split:
        raise BadOption("--mcp-http and --split belong to --mcp ENV or --openenv ENV")
    try:
        import fastapi  # noqa: F401
        import msgpack  # noqa: F401
        import prometheus_client  # noqa: F401
        import uvicorn  # noqa: F401
        import websockets  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtra("server", error.name or "") from None
    from agentgym_server.running import serve

    return serve(settings_of(options), as_json=options.json)


def run_mcp(options: argparse.Namespace) -> int:
    """Serve one environment to MCP clients."""
    try:
        from agentgym_server import mcp_server
    except ModuleNotFoundError as error:
        raise MissingExtra("mcp", error.name or "") from None
    settings = settings_of(options)
    make = maker_of(options.mcp, options.split, settings)
    if not options.mcp_http:
        return mcp_server.serve_stdio(make)
    from agentgym_server.running import serve

    app = mcp_server.build_mcp_app(make, settings)
    return serve(settings, as_json=options.json, app=app, path="/mcp")


def run_openenv(options: argparse.Namespace) -> int:
    """Serve one environment to OpenEnv clients."""
    settings = settings_of(options)
    make = maker_of(options.openenv, options.split, settings)
    try:
        from agentgym_server.openenv_server import build_openenv_app
        from agentgym_server.running import serve
    except ModuleNotFoundError as error:
        raise MissingExtra("openenv", error.name or "") from None
    app = build_openenv_app(make, settings)
    return serve(settings, as_json=options.json, app=app)


def maker_of(name: str, split: str | None, settings: Settings) -> Maker:
    """Say how to make the one environment that is served.

    Raises:
        BadOption: if there is none of that name.
    """
    from agentgym_envs.commands.ids import find_id
    from agentgym_server.offers import Offers
    from agentgym_wrappers.vector.makers import Maker

    env_id = find_id(name)
    kwargs = {"split": split} if split else {}
    offers = Offers(settings)
    if env_id in offers.specs:
        return offers.own_maker(env_id, **kwargs)
    return Maker(env_id, kwargs)


def settings_of(options: argparse.Namespace) -> Settings:
    """Give the settings that the options mean.

    Raises:
        BadOption: for options that make no sense, or are not safe.
    """
    from agentgym_server.settings import Settings

    data: dict[str, str] = {}
    for entry in options.data:
        family, separator, path = entry.partition("=")
        if not separator or not path:
            raise BadOption(f"--data takes FAMILY=PATH, not {entry!r}")
        data[family] = path
    return Settings(
        host=options.host,
        port=options.port,
        family=options.family,
        token=options.token or os.environ.get(TOKEN_VARIABLE) or None,
        data=data,
        workers=options.workers,
        threads=options.threads,
        timeout=options.timeout,
        lease=None if options.lease == NEVER else options.lease,
        max_envs=options.max_envs,
        offer=tuple(options.offer),
        cors=tuple(options.cors),
    )
