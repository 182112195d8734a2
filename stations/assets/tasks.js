// Task cards: brings them into each station's tab, keeps ticks and what is open, copies material, prints.
"use strict";

const LATER_MS = 5000;
const SOON_MS = 60;

async function fill(place) {
  place.dataset.asked = "yes";
  try {
    const answer = await fetch(`/tasks/${place.dataset.tasks}/cards`, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    place.innerHTML = await answer.text();
  } catch {
    setTimeout(() => { delete place.dataset.asked; look(); }, LATER_MS);
  }
}

function look() {
  document.querySelectorAll("[data-tasks]:not([data-asked])").forEach(fill);
}

async function tell(tasks, what, wish) {
  try {
    const answer = await fetch(`${tasks.dataset.address}/${what}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish),
    });
    const facts = await answer.json();
    return answer.ok ? facts : { text: facts.text };
  } catch {
    return { text: tasks.dataset.lost };
  }
}

function say(tasks, text) {
  tasks.querySelector(".ki-tasks-said").textContent = text;
}

async function tick(box) {
  const tasks = box.closest(".ki-tasks");
  const card = box.closest(".ki-task").dataset.card;
  const facts = await tell(tasks, "tick", { card, step: Number(box.dataset.step), done: box.checked });
  if (!facts.cards) {
    box.checked = !box.checked;
    say(tasks, facts.text);
    return;
  }
  say(tasks, "");
  tasks.querySelector(".ki-tasks-finished").textContent = facts.finished;
  for (const each of tasks.querySelectorAll(".ki-task")) {
    each.querySelector(".ki-task-progress").textContent = facts.cards[each.dataset.card];
  }
}

function openedIn(tasks) {
  if (!tasks.open) return null;
  const card = tasks.querySelector(".ki-task[open]");
  return card ? card.dataset.card : "";
}

// Opening one card closes another: both are told once. What the page itself opened when it was filled is known already.
const planned = new Map();
function keepOpen(tasks) {
  clearTimeout(planned.get(tasks));
  planned.set(tasks, setTimeout(() => {
    planned.delete(tasks);
    const card = openedIn(tasks);
    if (tasks.isConnected && tasks.dataset.opened !== String(card)) tell(tasks, "open", { card });
    tasks.dataset.opened = String(card);
  }, SOON_MS));
}

async function copy(button) {
  const tasks = button.closest(".ki-tasks");
  const text = button.closest(".ki-material").querySelector("pre");
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch { // browsers give the clipboard to https and to this machine only
    getSelection().selectAllChildren(text);
    document.execCommand("copy");
  }
  const before = button.textContent;
  button.textContent = tasks.dataset.copied;
  say(tasks, tasks.dataset.copied);
  setTimeout(() => { button.textContent = before; say(tasks, ""); }, LATER_MS / 2);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".ki-tasks input[data-step]")) tick(event.target);
});
document.addEventListener("toggle", (event) => {
  const tasks = event.target.closest?.(".ki-tasks");
  if (tasks) keepOpen(tasks);
}, true);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".ki-tasks [data-copy]");
  if (button) copy(button);
  if (event.target.closest?.("[data-print]")) print();
});
new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true });
look();
