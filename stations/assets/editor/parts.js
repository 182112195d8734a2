// Small pieces that everything in the editor is made of. Text goes in as text, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  play: "M7 4.5v15l12-7.5z",
  pause: "M6 4.5h4v15H6zM14 4.5h4v15h-4z",
  undo: "M9 5 4 10l5 5v-3.5h5a3.5 3.5 0 0 1 0 7H8v2h6a5.5 5.5 0 0 0 0-11H9z",
  redo: "M15 5l5 5-5 5v-3.5h-5a3.5 3.5 0 0 0 0 7h6v2h-6a5.5 5.5 0 0 1 0-11h5z",
  search: "M10.5 3.5a7 7 0 1 0 4.3 12.5l4.6 4.6 1.4-1.4-4.6-4.6a7 7 0 0 0-5.7-11.1zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  keys: "M2.5 6h19v12h-19zm2 2v8h15V8zM6 9.5h2v2H6zm3.3 0h2v2h-2zm3.4 0h2v2h-2zm3.3 0h2v2h-2zM8 13h8v1.8H8z",
  up: "M12 7l7 7-1.4 1.4L12 9.8l-5.6 5.6L5 14z",
  down: "M12 17l-7-7 1.4-1.4L12 14.2l5.6-5.6L19 10z",
  close: "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6 10.6 12 5 6.4z",
  check: "M9.5 17.5 4 12l1.4-1.4 4.1 4.1L18.6 5.6 20 7z",
};

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

// A button with a picture and a word; on narrow screens the word stays for screen readers only.
export function button(name, word, press, { quiet = false, ...attributes } = {}) {
  const label = make("span", { class: quiet ? "ki-ed-hidden" : "ki-ed-word" }, word);
  return make("button", { type: "button", title: word, on: press ? { click: press } : {}, ...attributes }, icon(name), label);
}

export function fill(sentence, facts) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

// The same as the program does with what people type: one line, single spaces.
export function tidy(text) {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

export function remembered(name, otherwise) {
  try {
    return localStorage.getItem(name) ?? otherwise;
  } catch {
    return otherwise; // private windows may refuse
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch { /* then it is forgotten */ }
}
