"""Build step: fetch GOV.UK Frontend from npm, check it, take out what is not ours to use, and put it beside the pages.

The design system's fonts, crown and crest may be used on GOV.UK only; services elsewhere leave them out. Nothing
fetched is committed. Without npm the pages use a plain stylesheet of their own. By hand: ``python hatch_build.py``.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface as _Hook

    BuildHook = _Hook[Any]
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as BuildHook
    except ImportError:  # run by hand, where hatchling need not be installed
        BuildHook = object

PACKAGE = "govuk-frontend@6.3.0"
SHA512 = (
    "717210c66e4f1c2b1b89ce3b19766b54166101e7ac8532d12fa6412a294bb11e"
    "ab3028c9b966fb16bbaad1550d30124594993fb2bb118ffabc7796ccf5c80aa0"
)
STYLES = "govuk-frontend.min.css"
SCRIPT = "govuk-frontend.min.js"
VENDOR = Path("pathway", "web", "static", "vendor")
NOTICE = (
    "govuk-frontend 6.3.0, MIT licence, Copyright (C) 2017 Crown Copyright (Government Digital Service).\n"
    "https://github.com/alphagov/govuk-frontend\n"
    "Changed: fonts, crown and crest are taken out; the typeface is Arial.\n"
)


class NotFetched(Exception):
    """GOV.UK Frontend could not be fetched; the pages stay plain until ``python hatch_build.py`` succeeds."""


class CustomBuildHook(BuildHook):
    """Puts the vendor files beside the pages and into the wheel, although git ignores them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Fetch before the files of the wheel are collected; a build without npm succeeds with a warning."""
        if not provide(Path(self.root)):
            self.app.display_warning("GOV.UK Frontend was not fetched: the pages will use a plain stylesheet.")
        build_data.setdefault("artifacts", []).append(f"/{VENDOR.as_posix()}/**")


def provide(root: Path) -> bool:
    """True when the vendor files are in place under ``root``, fetching them first where they are missing."""
    vendor = root / VENDOR
    if _is_there(vendor):
        return True
    try:
        fetch(vendor)
    except NotFetched as fault:
        print(f"pathway: {fault}", file=sys.stderr)
        return False
    return True


def _is_there(vendor: Path) -> bool:
    notice = vendor / "NOTICE.txt"
    is_this_version = notice.is_file() and notice.read_text(encoding="utf-8") == NOTICE
    return is_this_version and all((vendor / name).is_file() for name in (STYLES, SCRIPT))


def fetch(vendor: Path) -> None:
    """Fetch, check and clean GOV.UK Frontend into ``vendor``; raises NotFetched where npm or the network is missing."""
    with tempfile.TemporaryDirectory() as folder:
        tarball = _pack(Path(folder))
        _check(tarball)
        styles, script = _members(tarball)
    vendor.mkdir(parents=True, exist_ok=True)
    (vendor / STYLES).write_text(without_branding(styles), encoding="utf-8")
    (vendor / SCRIPT).write_text(re.sub(r"//# sourceMappingURL=\S+\s*$", "\n", script), encoding="utf-8")
    (vendor / "NOTICE.txt").write_text(NOTICE, encoding="utf-8")


def without_branding(styles: str) -> str:
    """The stylesheet without web fonts, crown, crest and source map, in Arial."""
    styles = re.sub(r"@font-face\{[^}]*\}", "", styles)
    styles = re.sub(r"\"?GDS Transport\"?,\s*arial,\s*sans-serif", "arial,helvetica,sans-serif", styles)
    styles = re.sub(r"[-a-z]+:url\(/assets/[^)]*\)[^;}]*;?", "", styles)
    styles = re.sub(r"/\*# sourceMappingURL=[^*]*\*/\s*$", "", styles)
    left = [word for word in ("Transport", "/assets/", "@font-face") if word in styles]
    if left:
        raise RuntimeError(f"The stylesheet of {PACKAGE} still names {', '.join(left)}; mend without_branding.")
    return styles


def _pack(folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched("npm is not installed, so GOV.UK Frontend was not fetched.")
    command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", str(folder)]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    except (subprocess.SubprocessError, OSError) as error:
        raise NotFetched(f"npm could not fetch {PACKAGE} ({type(error).__name__}).") from error
    return next(folder.glob("*.tgz"))


def _check(tarball: Path) -> None:
    found = hashlib.sha512(tarball.read_bytes()).hexdigest()
    if found != SHA512:
        raise RuntimeError(f"{PACKAGE} is not what was pinned: sha512 {found[:16]}..., expected {SHA512[:16]}...")


def _members(tarball: Path) -> tuple[str, str]:
    with tarfile.open(tarball) as archive:
        return _text(archive, STYLES), _text(archive, SCRIPT)


def _text(archive: tarfile.TarFile, name: str) -> str:
    member = archive.extractfile(f"package/dist/govuk/{name}")
    if member is None:
        raise RuntimeError(f"{PACKAGE} holds no {name}.")
    return member.read().decode("utf-8")


def main() -> int:
    """Fetch for an editable install; the exit code is 0 even without npm, because the pages work all the same."""
    if provide(Path(__file__).resolve().parent):
        print(f"pathway: GOV.UK Frontend is in {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
