"""Start a demonstration of its own, walk through it as each role, and put the pictures into ``docs/guides/images``."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from pictures.taken import PASSWORD, PICTURES, Picture

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "guides" / "images"
WINDOW = {"width": 1120, "height": 860}
PATIENCE_SECONDS = 180


def main() -> None:
    """Take every picture, or those named on the command line."""
    wanted = [one for one in PICTURES if one.name in sys.argv[1:] or not sys.argv[1:]]
    IMAGES.mkdir(parents=True, exist_ok=True)
    with _demonstration() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for picture in wanted:
            _take(browser, address, picture)
            sys.stdout.write(f"docs/guides/images/{picture.name}.png\n")
        browser.close()


def _take(browser: Browser, address: str, picture: Picture) -> None:
    """Each picture by somebody who has just signed in, so that none depends on another."""
    page = browser.new_page(base_url=address, viewport=WINDOW)
    if picture.who:
        _sign_in(page, picture.who)
    picture.go(page)
    page.wait_for_load_state()
    page.screenshot(path=IMAGES / f"{picture.name}.png", full_page=False)
    page.context.close()


def _sign_in(page: Page, username: str) -> None:
    page.goto("/sign-in")
    page.fill("#username", username)
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@contextmanager
def _demonstration() -> Iterator[str]:
    """The address of a demonstration that nobody else uses, and that is gone afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pathway.demo.run"]
        running = subprocess.Popen(
            command, cwd=home, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield _awaited(f"http://127.0.0.1:{port}")
        finally:
            running.terminate()
            running.wait()


def _awaited(address: str) -> str:
    for _ in range(PATIENCE_SECONDS):
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=5):
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit("The demonstration did not start; try `make run` to see why.")


if __name__ == "__main__":
    main()
