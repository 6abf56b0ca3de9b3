"""PATHWAY_SMTP_URL: what it may say, and that its secret stays secret."""

from __future__ import annotations

import pytest

from notifications.smtp.servers import FIELD, MailServer, Security
from rules.errors import InvalidInput


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "username", "secret"),
    [
        ("smtps://u:p@mail.example.org:465", "mail.example.org", 465, Security.TLS, "u", "p"),
        ("smtps://mail.example.org", "mail.example.org", 465, Security.TLS, "", ""),
        ("smtp://mail.example.org", "mail.example.org", 587, Security.STARTTLS, "", ""),
        ("smtp://mail.example.org:25?tls=none", "mail.example.org", 25, Security.NONE, "", ""),
        ("smtp://u:p@mail.example.org:587?tls=required", "mail.example.org", 587, Security.STARTTLS, "u", "p"),
        ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security.NONE, "", ""),
        ("smtp://localhost:2525", "localhost", 2525, Security.NONE, "", ""),
        ("smtp://[::1]:2525", "::1", 2525, Security.NONE, "", ""),
        ("smtp://127.0.0.1:2525?tls=required", "127.0.0.1", 2525, Security.STARTTLS, "", ""),
        ("smtp://u:p@127.0.0.1:2525?tls=none", "127.0.0.1", 2525, Security.NONE, "u", "p"),
        (" smtps://a%40b:p%40%2F%3A%25@mail.example.org/ ", "mail.example.org", 465, Security.TLS, "a@b", "p@/:%"),
    ],
)  # fmt: skip
def test_a_mail_server_is_read_from_its_url(url, host, port, security, username, secret):
    server = MailServer.from_url(url)
    assert (server.host, server.port, server.security) == (host, port, security)
    assert (server.username, server.secret) == (username, secret)
    assert str(server) == f"{host}:{port}"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://:587",
        "smtp://mail.example.org:0x",
        "smtp://mail.example.org:99999",
        "smtp://mail.example.org:587/inbox",
        "smtp://mail.example.org:587#x",
        "smtp://mail.example.org?tls=maybe",
        "smtp://mail.example.org?starttls=yes",
        "smtps://mail.example.org?tls=none",
        "smtps://s3cret@mail.example.org",
        "smtps://:s3cret@mail.example.org",
        "smtp://u:s3cret@mail.example.org:25?tls=none",
        "smtps://u:s3cret%0d%0aX@mail.example.org",
        "smtps://u:s3cret/x@mail.example.org",
        "smtps://u:12?s3cret@mail.example.org",
        "smtps://u:12#s3cret@mail.example.org",
        "smtps://mail.example.org?ca=/no/such/file.pem",
        "smtps://[mail.example.org",
        "smtps://mail example.org",
    ],
)
def test_an_odd_url_is_refused_with_a_remedy_and_without_its_secret(url):
    with pytest.raises(InvalidInput) as refused:
        MailServer.from_url(url)
    (fault,) = refused.value.faults
    assert fault.place == FIELD
    assert fault.remedy
    assert "s3cret" not in str(refused.value)


def test_a_file_that_holds_no_certificate_is_refused(tmp_path):
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(InvalidInput, match="can't be read"):
        MailServer.from_url(f"smtps://mail.example.org?ca={tmp_path / 'ca.pem'}")


def test_neither_user_nor_secret_shows():
    server = MailServer.from_url("smtps://front:s3cret@mail.example.org")
    assert "s3cret" not in f"{server!r} {server}"
    assert "front" not in f"{server!r} {server}"
