// Draws the wall anew when the network, the PIN or what it shows has changed.
"use strict";

const LOOK_MS = 3000;
const shown = document.querySelector("[data-version]").dataset.version;

async function look() {
  try {
    const answer = await fetch("/wall.json", { cache: "no-store" });
    if (answer.ok && (await answer.json()).version !== shown) location.reload();
  } catch {
    // the workshop is restarting: the next look will tell
  }
}

setInterval(look, LOOK_MS);
