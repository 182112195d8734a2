// Keeps the header's line true: asks this machine every few seconds what the guard has seen.
"use strict";

const PAUSE_MS = 5000;

async function ask() {
  const line = document.getElementById("ki-state");
  try {
    const answer = await fetch("/offline.json", { cache: "no-store" });
    show(await answer.json());
    line.parentElement.classList.remove("ki-lost");
  } catch {
    line.parentElement.classList.add("ki-lost");
  }
}

function show(state) {
  write("ki-state", state.text);
  write("ki-outside", state.outside.length ? state.outside.join(", ") : "0");
  write("ki-server", state.server.length ? state.server.join(", ") : "0");
  write("ki-refused", state.targets.length ? state.targets.join(", ") : "0");
  write("ki-inside", String(state.inside));
  document.getElementById("ki-proof").classList.toggle("ki-alarm", state.outside.length > 0);
}

function write(id, text) {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
}

ask();
setInterval(() => { if (!document.hidden) ask(); }, PAUSE_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
