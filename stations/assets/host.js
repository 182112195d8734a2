// The host's panel: asks this laptop every two seconds how things are, and sends what the host decides.
"use strict";

const LOOK_MS = 2000;
const words = JSON.parse(document.getElementById("host-words").textContent);
const place = (id) => document.getElementById(id);
let last = null;

function write(id, text) {
  if (place(id).textContent !== String(text)) place(id).textContent = text;
}

function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => facts[name]);
}

function clock(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function number(value, digits = 0) {
  return value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
}

function gigabytes(bytes) {
  return `${number(bytes / 1e9, 1)} GB`;
}

async function ask(path, body) {
  const sent = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/host/${path}`, { cache: "no-store", ...sent });
  if (answer.status === 401) location.reload();
  return { status: answer.status, facts: await answer.json() };
}

async function look() {
  try {
    show((await ask("state.json")).facts);
    place("host-lost").hidden = true;
  } catch {
    place("host-lost").hidden = false;
  }
}

async function order(path, body) {
  const answer = await ask(path, body);
  if (answer.status === 200) show(answer.facts);
  return answer;
}

function show(state) {
  last = state;
  write("host-present", state.present);
  write("host-working", state.stations.reduce((sum, each) => sum + each.working, 0));
  write("host-waiting", state.stations.reduce((sum, each) => sum + each.waiting, 0));
  write("host-left", state.seconds_left === null ? "–" : clock(state.seconds_left));
  write("host-shown", state.notice ? fill(words.shown, { notice: state.notice }) : "");
  place("host-door").hidden = !state.pin;
  write("host-pin", state.pin);
  write("host-addresses", state.addresses.join(", "));
  place("host-wrong").hidden = !state.wrong_pins;
  write("host-wrong", fill(words.wrong, { count: state.wrong_pins }));
  showMachine(state);
  renew("host-stations", state.stations, stationItem, (each) => `${each.id} ${each.paused} ${each.working} ${each.waiting}`);
  renew("host-works", state.works, workItem, (each) => `${each.number} ${each.waiting} ${Math.floor(each.seconds)}`);
  place("host-idle").hidden = state.works.length > 0;
}

function showMachine(state) {
  const { machine } = state;
  write("host-busy", `${number(machine.busy * 100)} %`);
  write("host-memory", fill(words.of, { used: gigabytes(machine.memory_used), total: gigabytes(machine.memory_total) }));
  write("host-disk", gigabytes(machine.disk_free));
  write("host-celsius", machine.celsius === null ? words.unknown : `${number(machine.celsius)} °C`);
  write("host-models", state.models.length ? state.models.join(", ") : words.none);
  write("host-refused", state.refused);
}

// Draws only items that have changed, so that a button keeps the keyboard's focus.
function renew(id, items, make, mark) {
  const list = place(id);
  const there = new Map([...list.children].map((each) => [each.dataset.id, each]));
  for (const item of items) {
    const key = String(item.id ?? item.number);
    const old = there.get(key);
    there.delete(key);
    if (old && old.dataset.mark === mark(item)) continue;
    const fresh = old ?? list.appendChild(make(item));
    fresh.dataset.id = key;
    fresh.dataset.mark = mark(item);
    fresh.refresh(item);
  }
  for (const gone of there.values()) gone.remove();
}

function row(press) {
  const item = document.createElement("li");
  const text = item.appendChild(document.createElement("span"));
  const button = item.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "host-quiet";
  button.addEventListener("click", press);
  return { item, text, button };
}

function stationItem(station) {
  const { item, text, button } = row(() => order("pause", { stations: toggled(station.id) }));
  item.refresh = (now) => {
    const state = now.paused ? words.paused : fill(words.numbers, now);
    text.replaceChildren(strong(words.titles[now.id]), ` ${state}`);
    button.textContent = now.paused ? words.resume : words.pause;
    button.setAttribute("aria-label", `${button.textContent}: ${words.titles[now.id]}`);
    item.classList.toggle("host-paused", now.paused);
  };
  return item;
}

function workItem(work) {
  const { item, text, button } = row(() => order("call_back", { number: work.number }));
  item.refresh = (now) => {
    const doing = now.waiting ? words.waits : words.roles[now.role];
    text.replaceChildren(strong(words.titles[now.station]), ` ${doing} · ${fill(words.seconds, { count: Math.round(now.seconds) })}`);
    button.textContent = words.end;
    button.setAttribute("aria-label", `${words.end}: ${words.titles[now.station]}`);
  };
  return item;
}

function strong(text) {
  const made = document.createElement("strong");
  made.textContent = text;
  return made;
}

function toggled(id) {
  const paused = last.stations.filter((each) => each.paused).map((each) => each.id);
  return paused.includes(id) ? paused.filter((each) => each !== id) : [...paused, id];
}

function sure(question) {
  const dialog = place("host-ask");
  place("host-question").textContent = question;
  dialog.showModal();
  return new Promise((resolve) => {
    place("host-yes").onclick = () => { dialog.close(); resolve(true); };
    place("host-no").onclick = () => { dialog.close(); resolve(false); };
    dialog.oncancel = () => resolve(false);
  });
}

async function reset() {
  const question = last.works.length ? fill(words.sure_busy, { count: last.works.length }) : words.sure;
  if (!(await sure(question))) return;
  const answer = await ask("reset", { sure: true });
  if (answer.status === 200) waitForReturn();
}

function waitForReturn() {
  place("host-lost").textContent = words.restarting;
  place("host-lost").hidden = false;
  clearInterval(ticking);
  let away = false;
  setInterval(async () => {
    try {
      const answer = await fetch("/health", { cache: "no-store" });
      if (away && answer.ok) location.reload();
    } catch {
      away = true;
    }
  }, 500);
}

function submitted(id, act) {
  place(id).addEventListener("submit", (event) => { event.preventDefault(); act(); });
}

submitted("host-round", () => order("round", { minutes: Number(place("host-minutes").value) }));
submitted("host-notice", () => order("notice", { text: place("host-text").value }));
place("host-round-end").addEventListener("click", () => order("round", { minutes: 0 }));
place("host-notice-end").addEventListener("click", () => { place("host-text").value = ""; order("notice", { text: "" }); });
place("host-pause-all").addEventListener("click", () => order("pause", { stations: last.stations.map((each) => each.id) }));
place("host-resume-all").addEventListener("click", () => order("pause", { stations: [] }));
place("host-new-pin").addEventListener("click", async () => { if (await sure(words.sure_pin)) order("new_pin", {}); });
place("host-reset").addEventListener("click", reset);
look();
const ticking = setInterval(look, LOOK_MS);
