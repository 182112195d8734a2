"""The page around the stations, served to a client in this process: headers, language, doors that stay shut."""

import re
import tempfile
import warnings
from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.catalog import Role, load_catalog
from models.library import Library
from models.offline import Guard, OfflineError
from stations.base import Workbench
from stations.page import LARGEST_UPLOAD
from stations.room.admission import Admission
from stations.room.day import Diary
from stations.room.host_door import HostDoor
from stations.room.house import House
from stations.room.visitors import Visitors
from stations.settings import Workshop
from stations.texts import say

pytestmark = pytest.mark.enable_socket

HOME = "http://127.0.0.1:7860"
CATALOG = load_catalog()
EVIL = "http://evil.example"


class FakeEngine:
    def reply(self, messages, sampling, *, person=""):
        yield from ()

    is_open = True

    def close(self):
        pass


def client_of(installed, guard=None, **settings):
    """A browser without a screen, on a page with these models installed."""
    from starlette.testclient import TestClient

    from stations.app import _words, build_page
    from stations.shell import make_app

    library = Library(
        lambda role: installed if role is Role.CHAT else (), lambda _: Path(), lambda *_: FakeEngine()
    )
    home = Path(tempfile.mkdtemp())
    visitors, house = (
        Visitors(home / "visitors"),
        House(home, home / "temp", Admission(HostDoor(home)), guard or Guard(), Diary(home / "day")),
    )
    bench = Workbench(_words(), Workshop(**settings), library, visitors, house.loans())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        app = make_app(bench, build_page(bench, CATALOG), house)
    return TestClient(app, base_url=HOME, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def guard():
    return Guard()


@pytest.fixture(scope="module")
def shared(guard, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        with client_of((CATALOG.model("smollm2"),), guard) as client:
            yield client


@pytest.fixture
def visitor(shared):
    """Somebody who has never been here."""
    shared.cookies.clear()
    return shared


class Page(HTMLParser):
    """What stands in a page: tags with attributes, and scripts in order."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.scripts, self._in_script = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_data(self, data):
        if self._in_script:
            self.scripts.append(data)
            self._in_script = False

    def of(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def header_of(page):
    """The page's first line; Gradio's part below carries the words of all languages."""
    return page[page.index("<header") : page.index("</header>")]


# --- Headers ----------------------------------------------------------------------------------------------------------

ADDRESSES = [
    ("GET", "/"),
    ("GET", "/health"),
    ("GET", "/offline.json"),
    ("GET", "/language/en"),
    ("GET", "/assets-ki/header.js"),
    ("GET", "/config"),
    ("GET", "/theme.css"),
    ("GET", "/nowhere"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("POST", "/gradio_api/run/nobody"),
    ("OPTIONS", "/"),
]


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_every_answer_keeps_the_page_to_itself(visitor, method, address):
    answer = visitor.request(method, address, follow_redirects=False)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "server" not in answer.headers
    assert answer.headers["Content-Security-Policy"]


def test_the_policy_names_no_other_place_and_no_eval(visitor):
    policy = visitor.get("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    words = {word for rule in rules.values() for word in rule.split()}
    assert words <= {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    assert rules["default-src"] == "'self'"
    assert "data:" not in rules["script-src"]
    assert "blob:" not in rules["script-src"]
    for shut in ("frame-ancestors", "object-src"):
        assert rules[shut] == "'none'"
    for own in ("base-uri", "form-action", "default-src"):
        assert rules[own] == "'self'"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "192.168.0.7", ""]
)
def test_a_foreign_host_name_is_refused(visitor, host):
    """A site on the internet could point its own name at this machine (DNS rebinding)."""
    answer = visitor.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "<html" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "localhost"])
def test_this_machines_own_names_are_served(visitor, host):
    assert visitor.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/offline.json", "/config", "/gradio_api/info"])
@pytest.mark.parametrize("origin", [EVIL, "null", "http://127.0.0.1:9999", "http://192.168.0.9"])
def test_a_foreign_page_is_not_allowed_to_read_answers(visitor, address, origin):
    answer = visitor.get(address, headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers


def test_a_foreign_page_that_asks_first_is_turned_away(visitor):
    asked = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    answer = visitor.options("/gradio_api/queue/join", headers=asked)
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


# --- Language and the page itself -------------------------------------------------------------------------------------


def test_the_page_is_german_at_first(visitor):
    answer = visitor.get("/")
    page = Page(answer.text)
    assert page.of("html")[0]["lang"] == "de"
    assert answer.headers["Content-Language"] == "de"
    assert say("page.claim", "de") in header_of(answer.text)


def test_after_choosing_english_the_page_is_english_and_stays_so(visitor):
    chosen = visitor.get("/language/en", follow_redirects=False)
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    for flag in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert flag in chosen.headers["set-cookie"]
    answer = visitor.get("/")
    assert Page(answer.text).of("html")[0]["lang"] == "en"
    assert answer.headers["Content-Language"] == "en"
    assert say("page.claim", "en") in header_of(answer.text)
    assert say("page.claim", "de") not in header_of(answer.text)
    visitor.get("/language/de")
    assert Page(visitor.get("/").text).of("html")[0]["lang"] == "de"


@pytest.mark.parametrize("wish", ["fr", "xx", "%3Cscript%3E", "de%0d%0aX-Evil:%201"])
def test_a_language_nobody_speaks_here_becomes_german(visitor, wish):
    answer = visitor.get(f"/language/{wish}", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["set-cookie"].startswith("ki_language=de;")
    assert "x-evil" not in answer.headers


@pytest.mark.parametrize("cookie", ["fr", "<script>", '"><img src=x>'])
def test_a_strange_cookie_becomes_german(visitor, cookie):
    text = visitor.get("/", headers={"Cookie": f"ki_language={cookie}"}).text
    assert Page(text).of("html")[0]["lang"] == "de"
    assert cookie not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL) or cookie == "<script>"


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_first_script_answers_for_the_browsers_language(visitor, language):
    visitor.get(f"/language/{language}")
    first = Page(visitor.get("/").text).scripts[0]
    assert f'"language", {{value: "{language}"' in first
    assert f'"languages", {{value: ["{language}"]' in first


def test_the_page_has_one_first_heading_and_names_both_languages(visitor):
    page = Page(visitor.get("/").text)
    assert len(page.of("h1")) == 1
    links = [link for link in page.of("a") if link.get("href", "").startswith("/language/")]
    assert [(link["href"], link["lang"]) for link in links] == [
        ("/language/de", "de"),
        ("/language/en", "en"),
    ]
    assert [link.get("aria-current") for link in links] == ["true", None]


def test_the_page_loads_nothing_from_anywhere_else(visitor):
    page = Page(visitor.get("/").text)
    loads = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src"}
    for tag, attribute in loads.items():
        for attributes in page.of(tag):
            assert not re.match(r"(https?:)?//", attributes.get(attribute) or ""), (tag, attributes)
    assert not [
        one
        for one in page.of("meta")
        if re.match("og:|twitter:", one.get("property") or one.get("name") or "")
    ]


def test_the_dressed_page_has_the_length_it_says_and_is_not_kept(visitor):
    plain = visitor.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert plain.headers["cache-control"] == "no-store"
    assert "Cookie" in plain.headers["vary"]


def test_the_page_travels_compressed(visitor):
    packed = visitor.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(packed.content) / 3


# --- Our own routes ---------------------------------------------------------------------------------------------------


def test_health_names_the_stations(visitor):
    stations = ["text", "speech", "audio", "retrieval", "chatbot"]
    assert visitor.get("/health").json() == {"ok": True, "stations": stations}


def test_the_header_is_told_what_the_guard_refused(visitor, guard):
    before = visitor.get("/offline.json").json()
    assert before["refused"] == guard.refused_count
    for _ in range(2):
        with pytest.raises(OfflineError):
            guard.watch("socket.getaddrinfo", ("<b>tracker.example</b>", 443, 0, 0, 0))
    answer = visitor.get("/offline.json")
    after = answer.json()
    assert after["refused"] == before["refused"] + 2
    assert "<b>tracker.example</b> (2)" in after["targets"]
    assert after["text"].endswith(str(after["refused"]))
    assert after["outside"] == []
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    "address", ["/openapi.json", "/docs", "/redoc", "/gradio_api/docs", "/gradio_api/mcp/"]
)
def test_there_is_no_description_for_programs(visitor, address):
    assert visitor.get(address).status_code == 404


def test_nobody_watches_the_visitors(visitor):
    assert visitor.get("/monitoring").status_code == 403


# --- Files and events -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "/nowhere",
        "configs/workshop.toml",
        "../configs/workshop.toml",
        "http://192.0.2.1/x",
        "C:/x",
    ],
)
def test_files_that_nobody_offered_are_not_given_out(visitor, path):
    assert visitor.get(f"/gradio_api/file={path}").status_code in (403, 404)


@pytest.mark.parametrize("path", ["../shell.py", "%2e%2e/shell.py", "..%2fshell.py", "/etc/passwd"])
def test_the_assets_folder_is_not_a_way_out(visitor, path):
    answer = visitor.get(f"/assets-ki/{path}")
    assert answer.status_code == 404
    assert "def " not in answer.text


def test_other_peoples_addresses_are_not_fetched_for_a_visitor(visitor):
    assert visitor.get("/gradio_api/proxy=http://192.0.2.1/x").status_code in (400, 403, 404)


def test_a_file_that_is_too_large_is_refused(visitor, monkeypatch):
    from gradio import route_utils

    seen = []
    before = route_utils.GradioMultiPartParser.__init__

    def watched(self, *args, **kwargs):
        before(self, *args, **kwargs)
        seen.append(self.max_file_size)

    monkeypatch.setattr(route_utils.GradioMultiPartParser, "__init__", watched)
    visitor.post("/gradio_api/upload", files={"files": ("a.txt", b"hello")})
    assert seen == [LARGEST_UPLOAD]


def test_events_cannot_be_called_past_the_queue(visitor):
    events = visitor.get("/config").json()["dependencies"]
    names = {one["api_name"] for one in events if one["backend_fn"]}  # the others do nothing here
    assert {"ask", "stop", "start_again"} <= names
    for name in names:
        for way in ("run", "api"):
            answer = visitor.post(f"/gradio_api/{way}/{name}", json={"data": []})
            assert answer.status_code == 404, (way, name)
    assert visitor.post("/gradio_api/run/predict", json={"data": [], "fn_index": 0}).status_code == 404


# --- A station without its model --------------------------------------------------------------------------------------


def test_a_station_without_its_model_shows_a_card_in_both_languages_and_nothing_falls():
    with client_of((), profile="mini") as client:
        config = client.get("/config")
        assert config.status_code == 200
        (card,) = [
            one["props"]["value"]
            for one in config.json()["components"]
            if one["props"].get("elem_id") == "chatbot-missing"
        ]
    best = CATALOG.players(Role.CHAT, "mini")[0]
    assert f"python3 launcher.py fetch {best.id}" in card
    assert best.title in card
    assert "1,1 GB" in card
    assert "1.1 GB" in card
    assert [one["lang"] for one in Page(card).of("section")] == ["de", "en"]


def test_a_workshop_can_begin_in_english():
    with client_of((), language="en") as client:
        assert Page(client.get("/").text).of("html")[0]["lang"] == "en"
