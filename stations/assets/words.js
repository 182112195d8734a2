// Puts the visitor's language where Gradio has English built in: labels and titles that only screen readers and
// pointers meet, and the headlines of messages. The table comes with the page: beginning in Gradio's English -> beginning in the visitor's language.
"use strict";

const WORDS = Object.entries(JSON.parse(document.getElementById("ki-words").textContent));
const NAMES = ["aria-label", "title"];
const HEADLINES = ".toast-title";

function translate(element) {
  for (const name of NAMES) {
    const label = element.getAttribute(name);
    const found = label && WORDS.find(([english]) => label.startsWith(english));
    if (found && found[0] !== found[1]) element.setAttribute(name, found[1] + label.slice(found[0].length));
  }
}

function translateText(element) {
  const found = WORDS.find(([english]) => element.textContent.trim() === english);
  if (found && found[0] !== found[1]) element.textContent = found[1];
}

function translateAll(root) {
  if (root.nodeType !== Node.ELEMENT_NODE) return;
  translate(root);
  root.querySelectorAll(HEADLINES).forEach(translateText);
  root.querySelectorAll("[aria-label],[title]").forEach(translate);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    if (change.type === "attributes") translate(change.target);
    else change.addedNodes.forEach(translateAll);
  }
}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: NAMES });
translateAll(document.documentElement);
