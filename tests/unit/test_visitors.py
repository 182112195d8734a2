"""Whose is what: cookies, private folders, and what happens to folders nobody comes back for."""

import os
import stat
import time

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from stations.room.visitors import COOKIE, DAY_S, VisitorCookies, Visitors


@pytest.fixture
def visitors(tmp_path):
    return Visitors(tmp_path / "visitors")


def test_a_cookie_of_ours_names_the_same_visitor_each_time_also_after_a_restart(visitors, tmp_path):
    cookie = visitors.new_cookie()
    assert visitors.of({COOKIE: cookie}) == Visitors(tmp_path / "visitors").of({COOKIE: cookie}) != None  # noqa: E711


def test_every_visitor_is_somebody_else(visitors):
    assert len({visitors.of({COOKIE: visitors.new_cookie()}) for _ in range(100)}) == 100


@pytest.mark.parametrize("forged", ["", "abc", "abc.def", "../../etc.x", "é.ü", "." * 9])
def test_a_forged_cookie_names_nobody(visitors, forged):
    assert visitors.of({COOKIE: forged}) is None


def test_a_cookie_with_another_ones_signature_names_nobody(visitors):
    mine, yours = visitors.new_cookie(), visitors.new_cookie()
    mixed = mine.rpartition(".")[0] + "." + yours.rpartition(".")[2]
    assert visitors.of({COOKIE: mixed}) is None


def test_another_laptops_cookie_names_nobody(visitors, tmp_path):
    assert Visitors(tmp_path / "other").of({COOKIE: visitors.new_cookie()}) is None


def test_folder_and_key_are_for_this_user_alone(visitors, tmp_path):
    folder = visitors.folder("abc")
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "visitors" / ".key").stat().st_mode) == 0o600


def test_folders_go_when_nobody_came_back_for_days(visitors):
    old, new = visitors.folder("old"), visitors.folder("new")
    (old / "text").write_text("x")
    before = time.time() - 8 * DAY_S
    os.utime(old, (before, before))
    assert visitors.sweep(days=7) == 1
    assert not old.exists()
    assert new.exists()
    assert Visitors(new.parent).of({COOKIE: visitors.new_cookie()})  # the key stays


def test_coming_back_keeps_a_folder(visitors):
    folder = visitors.folder("old")
    before = time.time() - 8 * DAY_S
    os.utime(folder, (before, before))
    visitors.folder("old")
    assert visitors.sweep(days=7) == 0


@pytest.fixture
def browser(visitors):
    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(visitors.of(request.cookies) or "nobody")

    app = Starlette(routes=[Route("/", answer), Route("/other", answer)])
    app.add_middleware(VisitorCookies, visitors=visitors)
    return TestClient(app)


def test_the_first_page_gives_a_cookie_that_no_script_reads_and_no_other_site_sends(browser):
    told = browser.get("/").headers["set-cookie"].lower()
    assert "httponly" in told
    assert "samesite=strict" in told
    assert "; secure" not in told


def test_over_https_the_cookie_stays_there(browser):
    browser.base_url = "https://testserver"
    assert "; secure" in browser.get("/").headers["set-cookie"].lower()


def test_the_second_page_knows_the_visitor_and_gives_no_new_cookie(browser):
    browser.get("/")
    again = browser.get("/")
    assert "set-cookie" not in again.headers
    assert again.text == browser.get("/").text != "nobody"


def test_a_forged_cookie_is_replaced(browser):
    browser.cookies.set(COOKIE, "forged.cookie")
    assert "set-cookie" in browser.get("/").headers


def test_only_the_page_gives_cookies(browser):
    assert "set-cookie" not in browser.get("/other").headers
