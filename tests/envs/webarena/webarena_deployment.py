"""The embedded sites on loopback ports, as if they were a deployment."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from agentgym_envs.webarena.original.addresses import PUBLIC
from agentgym_envs.webarena.sites.embedded import embedded_sites
from agentgym_envs.webarena.sites.world import World

ORDER = {"items": [{"increment_id": "000000170"}]}
REVIEW = {
    "nickname": "Emma",
    "ratings": [{"rating_name": "Rating", "percent": 80}],
}
# What the sites do not have, and what an evil one would.
EXTRA = {
    "/escape": '<h1>Out</h1><a href="http://127.0.0.1:{other}/stolen">leave</a>'
    '<a href="file:///etc/passwd">read</a><a href="/deep" target="_blank">open</a>',
    "/deep": "<title>Deep</title><p class='a'>x &amp; y</p><p class='a'>z</p>"
    "<a class='l' href='/u' title='T'>u</a><img class='l' src='/i.png' alt='i'>"
    "<input name='q' value='held' checked>",
}


class Loopback:
    """One server per site, and one of a stranger."""

    def __init__(self):
        self.world = World(embedded_sites())
        self.lock = threading.Lock()
        self.asked = []
        self.headers = []
        self._servers = {}
        for site, name in PUBLIC.items():
            host = name.removeprefix("http://").partition("/")[0]
            self._servers[site] = self._serve(host)
        self._servers["stranger"] = self._serve("")

    def _serve(self, host):
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                loopback.answer(self, host, "GET")

            def do_POST(self):
                loopback.answer(self, host, "POST")

            def log_message(self, *arguments):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    def port(self, site):
        return self._servers[site].server_address[1]

    @property
    def addresses(self):
        return {
            site: f"http://127.0.0.1:{self.port(site)}"
            + ("/admin" if site == "shopping_admin" else "")
            for site in PUBLIC
        }

    def answer(self, request, host, method):
        length = int(request.headers.get("Content-Length") or 0)
        body = request.rfile.read(length).decode()
        self.asked.append((host, method, request.path))
        self.headers.append(dict(request.headers))
        if not host:
            self._send(request, 200, "<p>stolen</p>")
        elif request.path in EXTRA:
            text = EXTRA[request.path].replace("{other}", str(self.port("stranger")))
            self._send(request, 200, text)
        elif request.path.startswith("/rest/"):
            self._send(request, 200, json.dumps(self._rest(request.path, body)))
        else:
            self._site(request, host, method, body)

    def _rest(self, path, body):
        if path.endswith("/token"):
            assert json.loads(body) == {"username": "admin", "password": "admin1234"}
            return "token"
        if "orders" in path:
            return ORDER
        return [REVIEW] if "/B0/" in path else []

    def _site(self, request, host, method, body):
        cookie = SimpleCookie(request.headers.get("Cookie", "")).get(f"s{host}")
        session = cookie.value if cookie else ""
        with self.lock:
            if method == "GET":
                response = self.world.get(host, request.path, session)
            else:
                response = self.world.post(host, request.path, body, session)
        headers = {}
        if response.location:
            headers["Location"] = self._local(response.location)
        if response.session is not None:
            # Browsers share cookies between ports, so each site has its own name.
            life = "" if response.session else "; Max-Age=0"
            headers["Set-Cookie"] = f"s{host}={response.session}; Path=/{life}"
        page = self._local(response.page.html()) if response.page else ""
        self._send(request, response.status, page, headers)

    def _local(self, text):
        for name in PUBLIC.values():
            host = name.removeprefix("http://").partition("/")[0]
            site = next(site for site, n in PUBLIC.items() if n == name)
            text = text.replace(
                f"http://{host}/", f"http://127.0.0.1:{self.port(site)}/"
            )
        return text

    def _send(self, request, status, text, headers=()):
        content = text.encode()
        request.send_response(status)
        request.send_header("Content-Type", "text/html; charset=utf-8")
        request.send_header("Content-Length", str(len(content)))
        for name, value in dict(headers).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    def close(self):
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


@contextmanager
def loopback():
    sites = Loopback()
    try:
        yield sites
    finally:
        sites.close()
