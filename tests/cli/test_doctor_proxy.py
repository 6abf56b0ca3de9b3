"""What the doctor says of the base address, and of a proxy that stands there."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from pathway.settings import Settings
from pathway.wiring import examination
from pathway.wiring.findings import Health


@contextmanager
def behind(asked_as=None, *, content=None, status=200):
    """The address of a proxy that hands on our answer, or something else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            told = content or json.dumps({"status": "ok", "asked_as": asked_as or self.headers["Host"]}).encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def told(base):
    finding = examination._base_address(Settings(base_url=base).address)
    return finding.health, finding.found, finding.remedy


@pytest.mark.parametrize("status", [200, 503])
def test_an_address_that_leads_here_is_in_order_whatever_else_is_wrong(status):
    with behind(status=status) as base:
        assert told(base)[:2] == (Health.OK, f"{base} leads here")


def test_a_proxy_that_changes_the_host_is_named_with_what_it_must_pass():
    with behind("pathway:8000") as base:
        health, found, remedy = told(base)
    assert health is Health.NOTE
    assert "but as pathway:8000" in found
    assert "proxy_set_header Host" in remedy


@pytest.mark.parametrize("content", [b"<html>It works!</html>", b"[]", b'{"status": "up"}'])
def test_another_program_at_that_address_is_told_from_ours(content):
    with behind(content=content) as base:
        assert "is not Pathway" in told(base)[1]


def test_an_address_that_does_not_answer_is_one_plain_line():
    health, found, _ = told("http://127.0.0.1:1")
    assert health is Health.NOTE
    assert "can't be asked from here" in found
    assert "\n" not in found
