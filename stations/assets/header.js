// Keeps the header's line true: asks this machine every few seconds what the guard has seen.
"use strict";

const PAUSE_MS = 5000;

let group = null;

async function hear() {
  try {
    const answer = await fetch("/room.json", { cache: "no-store" });
    if (answer.status === 401) location.reload(); // the PIN is a new one
    const news = await answer.json();
    if (group !== null && news.group !== group) location.reload();
    group = news.group;
    showNews([news.notice, news.pause, news.round].filter(Boolean));
  } catch {
    // the line of the proof says that this machine does not answer
  }
}

function showNews(sentences) {
  const place = document.getElementById("ki-news");
  place.hidden = sentences.length === 0;
  if (place.dataset.shown === sentences.join("\n")) return;
  place.dataset.shown = sentences.join("\n");
  place.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement("p");
    line.textContent = sentence;
    return line;
  }));
}

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

function look() {
  if (document.hidden) return;
  ask();
  hear();
}

look();
setInterval(look, PAUSE_MS);
document.addEventListener("visibilitychange", look);
