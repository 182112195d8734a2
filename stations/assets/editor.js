// Draws the editor for a transcript wherever Gradio puts an element of class "ki-editor", whenever that is.
import { Editor } from "./editor/desk.js";

const running = new Map();

function look() {
  for (const [host, editor] of running) {
    if (!host.isConnected) {
      editor.leave();
      running.delete(host);
    }
  }
  for (const host of document.querySelectorAll(".ki-editor[data-job]")) {
    if (!running.has(host)) running.set(host, new Editor(host));
  }
}

let planned = false;
new MutationObserver(() => {
  if (planned) return;
  planned = true;
  queueMicrotask(() => { planned = false; look(); });
}).observe(document.documentElement, { subtree: true, childList: true });
look();
