"""Fixtures for mail."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import pytest
import trustme


@dataclass
class Authority:
    """A certificate authority of our own: the server's side, and the file that makes a client trust it."""

    context: ssl.SSLContext
    for_another_host: ssl.SSLContext
    file: str
    certificate: bytes


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """An authority with a certificate for loopback."""
    made = trustme.CA()
    context, other = (ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) for _ in range(2))
    loopback = made.issue_cert("127.0.0.1", "localhost")
    loopback.configure_cert(context)
    made.issue_cert("another.example.org").configure_cert(other)
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    return Authority(context, other, str(file), loopback.private_key_and_cert_chain_pem.bytes())
