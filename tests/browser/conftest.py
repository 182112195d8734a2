"""Chromium on the started program; whatever tries to leave loopback is stopped and remembered."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from models.settings import models_folder
from models.store import Store

ROOT = Path(__file__).resolve().parent.parent.parent
ECHO = Path(__file__).with_name("echo_server.py")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
START_S = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let eight pages at once go first, while no other server takes a share of two cores."""
    items.sort(key=lambda item: item.path.name != "test_together.py")


def free_port() -> int:
    with closing(socket.socket()) as own:
        own.bind(("127.0.0.1", 0))
        return own.getsockname()[1]


@contextmanager
def running(command: list[str], port: int, log: Path, **environment: str) -> Iterator[str]:
    """Start a server, wait until it is healthy, and end it by its process id."""
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, **environment}
        )
    try:
        yield _healthy(f"http://127.0.0.1:{port}/", process, log)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _healthy(address: str, process: subprocess.Popen, log: Path) -> str:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}health", timeout=2):
                return address
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    """Serve on a port of this machine; ``address`` says where."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def serving() -> Callable:
    """Return ``listening``, for tests that bring a handler."""
    return listening


@pytest.fixture(scope="session")
def echo(tmp_path_factory) -> Iterator[str]:
    """The page with a model that repeats the question."""
    home, port = tmp_path_factory.mktemp("echo"), free_port()
    command = [sys.executable, str(ECHO), str(port), str(home), "qwen-1.5b", "qwen-0.5b"]
    with running(command, port, home / "log", PYTHONPATH=str(ROOT), KIWERKSTATT_HOME=str(home)) as address:
        yield address


@pytest.fixture(scope="session")
def bare(tmp_path_factory) -> Iterator[str]:
    """The page on a machine without any model."""
    home, port = tmp_path_factory.mktemp("bare"), free_port()
    command = [sys.executable, str(ECHO), str(port), str(home)]
    with running(command, port, home / "log", PYTHONPATH=str(ROOT)) as address:
        yield address


@pytest.fixture(scope="session")
def roomy(tmp_path_factory) -> Iterator[str]:
    """The page with a server in the room, in whose place a model here repeats the question."""
    home, port = tmp_path_factory.mktemp("roomy"), free_port()
    command = [sys.executable, str(ECHO), str(port), str(home)]
    there = {"KIWERKSTATT_CHAT__SERVER": "http://192.168.1.20:8080"}
    with running(command, port, home / "log", PYTHONPATH=str(ROOT), **there) as address:
        yield address


@pytest.fixture
def workshop_with(tmp_path):
    """Return a function that opens the program as a host starts it, without any model but with these settings."""
    with ExitStack() as running_ones:

        def start(**settings: str) -> str:
            port = free_port()
            settings = {"KIWERKSTATT_HOME": str(tmp_path / "home"), **settings}
            command = [sys.executable, *start_command(port)]
            return running_ones.enter_context(running(command, port, tmp_path / "log", **settings))

        yield start


@pytest.fixture(scope="session")
def workshop(tmp_path_factory) -> Iterator[str]:
    """The program as a host starts it, with the real German model; what it writes stays apart from this machine's."""
    skip_without_the_german_model()
    home, port = tmp_path_factory.mktemp("workshop"), free_port()
    (home / "models").symlink_to(models_folder(), target_is_directory=True)
    command = [sys.executable, *start_command(port)]
    with running(command, port, home / "log", KIWERKSTATT_HOME=str(home)) as address:
        yield address


@pytest.fixture(scope="module")
def crowd(tmp_path_factory) -> Iterator[str]:
    """The program as a host starts it, with the real German model, six places, and answers that end for nobody."""
    skip_without_the_german_model()
    port, log = free_port(), tmp_path_factory.mktemp("crowd") / "log"
    command = [sys.executable, *start_command(port)]
    six = {"KIWERKSTATT_CHAT__PEOPLE": "6", "KIWERKSTATT_LIMITS__ANSWER_SECONDS": "3600"}
    with running(command, port, log, **six) as address:
        yield address


@pytest.fixture
def start_workshop(tmp_path):
    """Return a function that starts the program and returns its process, address and what it says."""
    skip_without_the_german_model()
    with ExitStack() as running_ones:

        def start() -> tuple[subprocess.Popen, str, Path]:
            port, log = free_port(), tmp_path / "log"
            out = running_ones.enter_context(log.open("w"))
            process = subprocess.Popen(
                [sys.executable, *start_command(port)], cwd=ROOT, stdout=out, stderr=out
            )
            running_ones.callback(process.wait)
            running_ones.callback(process.terminate)
            return process, _healthy(f"http://127.0.0.1:{port}/", process, log), log

        start.command = start_command
        yield start


def skip_without_the_german_model() -> None:
    store = Store()
    if not store.present(store.catalog.model("qwen-1.5b")):
        pytest.skip(
            "the model qwen-1.5b is not installed; fetch it with: python3 launcher.py fetch qwen-1.5b"
        )


def start_command(port: int | str) -> list[str]:
    return ["-c", _START, "--no-browser", "--profile", "mini", "--port", str(port)]


# The command behind launcher.py, without its search for an environment: this Python is one already.
_START = "import sys; from stations import commandline, console; from stations.commands import start; \
words = sys.argv[1:]; sys.exit(console.shown('de', lambda: start.run(commandline.parse(words))))"


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Return a function that starts a Chromium with further flags; one Playwright serves all of them."""
    found = (
        os.environ.get("KIWERKSTATT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    # Chromium refuses its sandbox to root, as CI runs it
    flags = [*QUIET, "--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright:
        yield lambda *more: playwright.chromium.launch(executable_path=found or None, args=[*flags, *more])


@pytest.fixture(scope="session")
def chromium(launch) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


class Visitor:
    """A browser with one page, its own cookies, and a record of what it asked from anywhere else."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address, self.strays, self.complaints, self.asked = address, [], [], 0
        context.route(lambda url: not url.startswith((address, "data:", "blob:")), self._stop)
        self.page = context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def _stop(self, route) -> None:
        self.strays.append(route.request.url)
        route.abort()

    def open_text(self) -> "Visitor":
        self.page.get_by_role("tab").nth(0).click()
        # the welcome event has been answered when there are recipes
        expect(self.page.locator("#text-recipe input").first).to_be_visible(timeout=60_000)
        return self

    def choose_recipe(self, title: str) -> None:
        self.page.get_by_label(title, exact=True).click()
        expect(self.page.locator("#text-card h2")).to_have_text(title)
        expect(self.page.locator("#text-write")).to_be_visible()

    def write_text(self, timeout_s: float = 30) -> str:
        self.page.click("#text-write")
        return self.finished_text(timeout_s)

    def finished_text(self, timeout_s: float = 30) -> str:
        """Wait until the state line has come and gone, and return the text."""
        with suppress(PlaywrightTimeout):  # a quick answer is there before anybody looks
            self.page.wait_for_selector("#text-state", state="visible", timeout=3000)
        expect(self.page.locator("#text-state")).to_be_hidden(timeout=timeout_s * 1000)
        expect(self.page.locator("#text-tools")).to_be_visible()
        return self.page.inner_text("#text-result")

    def open_chat(self) -> "Visitor":
        self.page.goto(f"{self.address}?station=chatbot")  # on a phone its tab may be behind the menu of tabs
        self.page.wait_for_selector("#chatbot-question textarea", timeout=60_000)
        # the welcome event has been answered when the example questions have their words
        expect(self.page.locator("#chatbot-starter-0")).to_contain_text(re.compile("...."))
        return self

    def watch_growth(self) -> None:
        """Let the page count how many lengths the conversation has; ``growth`` tells."""
        self.page.evaluate(
            """() => { window.seen = new Set(); setInterval(() => {
                const chat = document.querySelector("#chatbot-conversation");
                if (chat) window.seen.add(chat.innerText.length) }, 40) }"""
        )

    def growth(self) -> int:
        return self.page.evaluate("() => window.seen.size")

    def wait_for_text(self, text: str, timeout_s: float = 30) -> None:
        expect(self.page.locator("body")).to_contain_text(text, timeout=timeout_s * 1000)

    def ask(self, text: str) -> None:
        self.page.fill("#chatbot-question textarea", text)
        self.page.click("#chatbot-send")
        self.asked += 1

    def wait_for_rest(self, timeout_s: float = 180) -> None:
        """Wait until every question has an answer with its honest line, and the next one may be asked."""
        finished = self.page.locator("#chatbot-conversation .bot.message:has(small)")
        expect(finished).to_have_count(max(self.asked, 1), timeout=timeout_s * 1000)
        expect(self.page.locator("#chatbot-send")).to_be_enabled(timeout=timeout_s * 1000)

    def answers(self) -> list[str]:
        return self.page.locator("#chatbot-conversation .bot.message").all_inner_texts()


@pytest.fixture
def visit(chromium):
    """Return a function that opens a page as a new visitor."""
    contexts = []

    def open_page(address: str, language: str = "de", **settings) -> Visitor:
        context = chromium.new_context(**settings)
        contexts.append(context)
        context.add_cookies([{"name": "ki_language", "value": language, "url": address}])
        return Visitor(context, address)

    yield open_page
    for context in contexts:
        context.close()
