"""How quickly the workshop is there, and what the page costs the engine. Run: ``python bench/start.py``.

Needs the environment with the ``test`` extra, Chromium and the model qwen-1.5b. Prints one line per figure. Ratios are
taken in one run, bare engine and page in turn, because machines are noisy.
"""

import gzip
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
TOKENS = 128
QUESTION = "Erzählen Sie ausführlich, wie ein Heimatmuseum eine Ausstellung über alte Handwerke vorbereitet."
BARE = """
import sys, time
from pathlib import Path
from models.engines.base import ChatSize, Message, Sampling
from models.engines.llama import LlamaChat
from models.turns import Kind, Turns
chat = LlamaChat(Path(sys.argv[1]), Turns().turn(Kind.INTERACTIVE), ChatSize())
asked = [Message("user", sys.argv[2])]
for warming in (True, False):
    begun = time.process_time()
    for piece in chat.reply(asked, Sampling(max_tokens=8 if warming else int(sys.argv[3]), temperature=0)):
        pass
    spent = time.process_time() - begun
print(piece.tally.tokens_per_s, spent / piece.tally.seconds)
"""
WATCH = """() => {
  window.times = [];
  new MutationObserver(() => {
    const found = document.querySelectorAll("#chatbot-conversation .bot.message");
    const last = found[found.length - 1];
    if (!last) return;
    const note = [...last.querySelectorAll("small")].map(each => each.innerText.length).reduce((a, b) => a + b, 0);
    const busy = last.querySelector("em") && !note;
    if (!busy) window.times.push([performance.now(), last.innerText.trim().length - note, note]);
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
  document.querySelector("#chatbot-send").addEventListener("click", () => window.clicked = performance.now());
}"""


def main() -> None:
    with served() as (address, process, ready_s):
        line("process start to page served, no model loaded", ready_s, "s")
        plain, packed = page_bytes(address)
        line("first page, compressed", packed / 1000, "KB")
        line("first page, plain", plain / 1000, "KB")
        with page_on(address) as page:
            choose_length(page)
            first = ask(page, process, 1)
            line("click to first token, cold (model is loaded)", first["first_s"], "s")
            rounds = [in_turn(page, process, number) for number in range(ROUNDS)]
    line("click to first token, warm (median)", median(page["first_s"] for _, page in rounds), "s")
    line("tokens per second through the browser (median)", median(page["speed"] for _, page in rounds), "")
    line("tokens per second of the bare engine (median)", median(own[0] for own, _ in rounds), "")
    ratios = sorted(page["speed"] / own[0] for own, page in rounds)
    line(
        f"browser ÷ bare, median of {ROUNDS} pairs ({ratios[0]:.2f} to {ratios[-1]:.2f})", median(ratios), ""
    )
    line("server CPU per streamed second (median)", median(page["cpu"] for _, page in rounds), "s")
    line("bare engine's CPU per second (median)", median(own[1] for own, _ in rounds), "s")


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process, float]]:
    """Start the workshop as a host does and wait for its page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        str(ROOT / "launcher.py"),
        "--no-browser",
        "--profile",
        "mini",
        "--port",
        str(port),
    ]
    begun = time.monotonic()
    process = psutil.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/"
        while not answers(address):
            time.sleep(0.05)
        yield address, process, time.monotonic() - begun
    finally:
        process.terminate()
        process.wait()


def in_turn(page: Page, process: psutil.Process, number: int) -> tuple[tuple[float, float], dict[str, float]]:
    """Measure the bare engine before and after the page, so that a drifting machine favours neither."""
    before, shown, after = bare(), ask(page, process, number), bare()
    return ((before[0] + after[0]) / 2, (before[1] + after[1]) / 2), shown


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return page.status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def page_bytes(address: str) -> tuple[int, int]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as page:
        packed = page.read()
    return len(gzip.decompress(packed)), len(packed)


@contextmanager
def page_on(address: str) -> Iterator[Page]:
    found = (
        os.environ.get("KIWERKSTATT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    )
    flags = ["--disable-background-networking", "--no-first-run"]
    with sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(executable_path=found, args=[*flags, *["--no-sandbox"] * root])
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#chatbot-question textarea")
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        yield page
        browser.close()


def choose_length(page: Page) -> None:
    page.click("#chatbot-more button")
    page.locator("#chatbot-length input[type=number]").fill(str(TOKENS))
    page.locator("#chatbot-length input[type=number]").press("Enter")
    page.click("#chatbot-more button")
    page.wait_for_timeout(300)


def ask(page: Page, process: psutil.Process, number: int) -> dict[str, float]:
    """Ask in a new conversation and measure in the page: click to first letter, tokens per second, server CPU."""
    page.evaluate("() => { window.times = []; }")
    page.fill("#chatbot-question textarea", f"{QUESTION} ({number})")
    before = cpu(process)
    page.click("#chatbot-send")
    page.wait_for_selector("#chatbot-conversation .bot.message small", timeout=300_000)
    spent = cpu(process) - before
    times, clicked = page.evaluate("() => [window.times, window.clicked]")
    if page.get_by_text("Hier endet die erlaubte Länge").count() == 0:
        raise SystemExit("the answer was shorter than planned: nothing to compare")
    begun, ended = times[0][0], min(each[0] for each in times if each[2])
    page.wait_for_timeout(300)
    page.click("#chatbot-new")
    page.wait_for_selector("#chatbot-starter-0")
    page.wait_for_timeout(300)
    span = (ended - begun) / 1000
    return {"first_s": (begun - clicked) / 1000, "speed": TOKENS * pace(times), "cpu": spent / span}


def pace(times: list[list[float]]) -> float:
    """Return the share of the answer that arrives per second: the slope between the first and the last update.

    Letters stand for tokens here; the time until the first and after the last update belongs to other figures.
    """
    whole = max(length for _, length, note in times if note)
    written = [(when, length) for when, length, note in times if not note]
    (first, short), (last, long) = written[0], written[-1]
    return (long - short) / whole / ((last - first) / 1000)


def cpu(process: psutil.Process) -> float:
    own = process.cpu_times()
    return own.user + own.system


def bare() -> tuple[float, float]:
    """Return tokens per second and CPU per second of the engine alone, in a process of its own."""
    from models.store import Store

    store = Store()
    file = store.file(store.catalog.model("qwen-1.5b"))
    command = [sys.executable, "-c", BARE, str(file), QUESTION, str(TOKENS)]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), float(out[1])


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def line(what: str, value: float, unit: str) -> None:
    print(f"{what}: {value:.2f} {unit}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
