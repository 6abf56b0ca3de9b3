"""Fetching GOV.UK Frontend at build time."""

from __future__ import annotations

import io
import tarfile

import pytest

import hatch_build

STYLES = (
    "@font-face{font-family:GDS Transport;src:url(/assets/fonts/x.woff2)}"
    "body{font-family:GDS Transport,arial,sans-serif}"
    ".crest{color:red;background-image:url(/assets/images/govuk-crest.svg);margin:0}"
    "/*# sourceMappingURL=x.css.map */\n"
)


def test_fonts_crown_and_crest_are_taken_out():
    cleaned = hatch_build.without_branding(STYLES)
    assert cleaned == "body{font-family:arial,helvetica,sans-serif}.crest{color:red;margin:0}"


def test_a_stylesheet_that_still_names_them_stops_the_build():
    with pytest.raises(RuntimeError, match="Transport"):
        hatch_build.without_branding("body{font-family:Transport}")


def test_a_package_that_is_not_what_was_pinned_stops_the_build(tmp_path):
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("package/dist/govuk/govuk-frontend.min.css"), io.BytesIO(b""))
    with pytest.raises(RuntimeError, match="not what was pinned"):
        hatch_build._check(path)


def test_without_npm_the_build_goes_on_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not hatch_build.provide(tmp_path)
    assert "npm is not installed" in capsys.readouterr().err


def test_what_is_there_already_is_not_fetched_again(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    vendor = tmp_path / hatch_build.VENDOR
    vendor.mkdir(parents=True)
    for name in (hatch_build.STYLES, hatch_build.SCRIPT):
        (vendor / name).touch()
    (vendor / "NOTICE.txt").write_text(hatch_build.NOTICE)
    assert hatch_build.provide(tmp_path)


def test_another_version_is_fetched_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    vendor = tmp_path / hatch_build.VENDOR
    vendor.mkdir(parents=True)
    for name in (hatch_build.STYLES, hatch_build.SCRIPT, "NOTICE.txt"):
        (vendor / name).write_text("of an older version")
    assert not hatch_build.provide(tmp_path)
