"""A visitor without a browser: opens the page, fills fields, presses buttons, as Gradio's own page does over HTTP."""

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from gradio_client.utils import apply_diff

API = "gradio_api"
LONGEST_S = 600.0


@dataclass(frozen=True)
class Outcome:
    """How one press of a button went: ``said`` is the sentence of a refusal, ``first_s`` when something came."""

    good: bool
    seconds: float
    first_s: float
    said: str = ""


@dataclass
class PageVisitor:
    """One open page with its cookie and the values of its fields, by the ``elem_id`` of the component."""

    address: str
    values: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # a certificate of the laptop's own; nothing leaves this machine
        self._http = httpx.Client(base_url=self.address, timeout=LONGEST_S, verify=False)
        self._session = secrets.token_hex(6)

    def open(self, pin: str = "") -> float:
        """Open the page and let it fill itself; return the seconds until its HTML was there."""
        if pin:
            self._http.post("/join", data={"pin": pin})
        began = time.monotonic()
        self._http.get("/").raise_for_status()
        seconds = time.monotonic() - began
        config = self._http.get("/config").json()
        self._ids = {each["props"].get("elem_id"): each["id"] for each in config["components"]}
        self.values = {each["id"]: each["props"].get("value") for each in config["components"]}
        self._events = config["dependencies"]
        for event in self._events:
            if any(name == "load" for _, name in event["targets"]):
                self._fire(event)
        return seconds

    def look(self) -> float:
        """Ask what an open page asks every few seconds; return the seconds it took."""
        began = time.monotonic()
        self._http.get("/room.json").raise_for_status()
        return time.monotonic() - began

    def fill(self, name: str, value: Any) -> None:
        """Write into a field."""
        self.values[self._ids[name]] = value

    def shown(self, name: str) -> Any:
        """Return what a component shows."""
        return self.values[self._ids[name]]

    def press(self, name: str, event: str = "click") -> Outcome:
        """Do what pressing a button does, with everything that follows from it."""
        return self._fire(self._event(name, event))

    def close(self) -> None:
        """Close the page."""
        self._http.close()

    def _event(self, name: str, event: str) -> dict[str, Any]:
        wanted = [self._ids[name], event]
        return next(each for each in self._events if wanted in each["targets"])

    def _fire(self, event: dict[str, Any]) -> Outcome:
        outcome = self._run(event)
        for each in self._events:
            follows = each["trigger_after"] == event["id"] and each["backend_fn"]
            kinds = {name for _, name in each["targets"]}
            if (
                follows
                and (outcome.good or "success" not in kinds)
                and not (outcome.good and "failure" in kinds)
            ):
                self._run(each)
        return outcome

    def _run(self, event: dict[str, Any]) -> Outcome:
        if not event["backend_fn"]:
            return Outcome(good=True, seconds=0.0, first_s=0.0)
        began = time.monotonic()
        data = [self.values.get(each) for each in event["inputs"]]
        asked = {"data": data, "fn_index": event["id"], "session_hash": self._session, "event_data": None}
        answer = self._http.post(f"/{API}/queue/join", json=asked)
        if answer.status_code != httpx.codes.OK:
            return Outcome(
                good=False, seconds=0.0, first_s=0.0, said=f"{answer.status_code} {answer.text[:80]}"
            )
        return self._heard(event, answer.json()["event_id"], began)

    def _heard(self, event: dict[str, Any], wanted: str, began: float) -> Outcome:
        first, shown = 0.0, None
        address = f"/{API}/queue/data"
        with self._http.stream("GET", address, params={"session_hash": self._session}) as lines:
            for message in _messages(lines, wanted):
                if message["msg"] == "process_generating" and message.get("output", {}).get("data"):
                    first = first or time.monotonic() - began
                    shown = _patched(shown, message["output"]["data"])
                    self._show(event, shown)
                if message["msg"] == "process_completed":
                    seconds = time.monotonic() - began
                    output = message["output"]
                    if message["success"]:
                        self._show(event, output.get("data") or shown or [])
                    said = "" if message["success"] else str(output.get("error"))
                    return Outcome(message["success"], seconds, first or seconds, said)
        return Outcome(good=False, seconds=time.monotonic() - began, first_s=first, said="the stream ended")

    def _show(self, event: dict[str, Any], data: list[Any]) -> None:
        for place, value in zip(event["outputs"], data, strict=False):
            if isinstance(value, dict) and value.get("__type__") == "update":
                if "value" in value:
                    self.values[place] = value["value"]
            else:
                self.values[place] = value


def _messages(lines: httpx.Response, wanted: str) -> Any:
    for line in lines.iter_lines():
        if line.startswith("data: "):
            message = json.loads(line.removeprefix("data: "))
            if message.get("event_id") == wanted:
                yield message


def _patched(shown: list[Any] | None, data: list[Any]) -> list[Any]:
    """Return what is shown after a change; the first message brings everything, the others what is different."""
    if shown is None:
        return list(data)
    return [apply_diff(old, change) for old, change in zip(shown, data, strict=True)]
