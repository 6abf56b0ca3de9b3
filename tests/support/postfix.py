"""Debian's Postfix with a configuration, a queue and a mailbox of the test's own, on a free port of loopback."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from support.processes import free_port

POSTFIX = shutil.which("postfix") or shutil.which("postfix", path="/usr/sbin")
START_SECONDS = 20.0

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.agency.example.org
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
smtpd_peername_lookup = no
# What is accepted lies in a folder, each message a file; nothing leaves this machine.
virtual_mailbox_domains = agency.example.org
virtual_mailbox_base = {folder}/mailbox
virtual_mailbox_maps = inline:{{ {{ isla@agency.example.org = isla/ }}, {{ busy@agency.example.org = busy/ }} }}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
default_transport = discard
relay_transport = discard
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{ busy@agency.example.org = 450 4.2.1 Come back later }} }}
  permit_mynetworks reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/certificate.pem
tlsproxy_tls_security_level = none
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
proxymap  unix  - - n - - proxymap
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """A running server: its ``port``, and what has arrived for ``isla@agency.example.org``."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder, self.port = folder, port

    @property
    def log(self) -> str:
        """What it has logged so far."""
        log = self._folder / "log"
        return log.read_text() if log.exists() else ""

    def arrived(self, count: int) -> list[EmailMessage]:
        """The messages in the mailbox, once there are ``count`` of them."""
        box = self._folder / "mailbox" / "isla" / "new"
        end = time.monotonic() + START_SECONDS
        while not box.is_dir() or len(list(box.iterdir())) < count:
            assert time.monotonic() < end, f"They never arrived:\n{self.log}"
            time.sleep(0.05)
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(box.iterdir())]


@contextmanager
def running(certificate: bytes) -> Iterator[Postfix]:
    """A server that insists on TLS with ``certificate`` (key and chain as PEM). Only root can start it."""
    # Its parts run as users of their own, who can't look into the folders of pytest.
    folder = Path(tempfile.mkdtemp(prefix="pathway-postfix-"))
    found = Postfix(folder, free_port())
    try:
        _lay_out(folder, found.port, certificate)
        _postfix(folder, "start")
        try:
            _wait(found)
            yield found
        finally:
            _postfix(folder, "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_out(folder: Path, port: int, certificate: bytes) -> None:
    folder.chmod(0o755)
    for name, owner in {"queue": "root", "data": "postfix", "mailbox": "nobody", "etc": "root"}.items():
        (folder / name).mkdir()
        shutil.chown(folder / name, owner)
    (folder / "certificate.pem").write_bytes(certificate)
    (folder / "certificate.pem").chmod(0o600)
    (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder))
    (folder / "etc" / "master.cf").write_text(MASTER.format(port=port))


def _postfix(folder: Path, command: str) -> None:
    done = subprocess.run(
        [str(POSTFIX), "-c", str(folder / "etc"), command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"postfix {command}: {done.stdout}{done.stderr}"


def _wait(found: Postfix) -> None:
    end = time.monotonic() + START_SECONDS
    while "daemon started" not in found.log:
        assert time.monotonic() < end, f"Postfix did not start:\n{found.log}"
        time.sleep(0.05)
