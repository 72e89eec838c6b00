"""The least that a FastAPI server can do: take a JSON body, and give it back."""

from __future__ import annotations

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Step(BaseModel):
    """What a client of the original servers sends."""

    id: int
    action: str


@app.post("/step")
async def step(body: Step) -> dict[str, Any]:
    """Give the action back, in the shape of an original server's reply."""
    return {"observation": body.action, "reward": 0.0, "done": False}


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
