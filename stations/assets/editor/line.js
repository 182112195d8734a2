// One line on the screen: when, who, what.
import { caretIn, putCaret } from "./caret.js";
import { clock, fill, make, tidy } from "./parts.js";

export const DOUBTFUL = 0.5;
const COLOURS = 8;

export function textOf(line) {
  return line.words.map(([text]) => text).join("").trim();
}

export class LineView {
  constructor(line, desk) {
    this.desk = desk;
    this.dirty = false;
    this.time = make("button", { type: "button", class: "ki-ed-time", tabindex: "-1" });
    this.who = make("button", { type: "button", class: "ki-ed-who", tabindex: "-1", "aria-haspopup": "dialog" });
    this.text = make("div", { class: "ki-ed-text", role: "textbox", "aria-multiline": "true", tabindex: "-1", spellcheck: "true", dir: "auto" });
    editable(this.text);
    this.element = make("li", { class: "ki-ed-line" }, this.time, this.who, this.text);
    this.element.view = this;
    this.show(line);
  }

  get id() { return this.line.id; }
  get start() { return this.line.words[0][1]; }
  get end() { return this.line.words[this.line.words.length - 1][2]; }
  get focused() { return document.activeElement === this.text; }
  get typed() { return tidy(this.text.textContent); }
  get doubts() { return this.line.words.some(([, , , sure]) => sure < DOUBTFUL); }

  // Where the cursor is, or was when the line was left, in letters; undefined if it never was here.
  get caret() { return (this.focused ? caretIn(this.text) : null) ?? this.kept; }
  keepCaret() { this.kept = caretIn(this.text) ?? this.kept; }

  // Take over a line from the program; what a person is typing right now stays.
  show(line) {
    this.line = line;
    this.element.dataset.id = line.id;
    if (this.dirty && this.typed === textOf(line)) this.dirty = false;
    if (!this.dirty && !(this.focused && this.typed === textOf(line))) this.write();
    this.label();
  }

  label() {
    const { words } = this.desk;
    const at = clock(this.start);
    const speaker = this.desk.speakerName(this.line.speaker);
    this.time.textContent = at;
    this.time.setAttribute("aria-label", fill(words.listen, { time: at }));
    this.who.replaceChildren(make("span", { class: "ki-ed-dot", "aria-hidden": "true" }), make("span", { class: "ki-ed-name" }, speaker));
    this.who.setAttribute("aria-label", fill(words.who, { speaker }));
    const place = this.desk.speakerPlace(this.line.speaker);
    this.who.dataset.colour = place < 0 ? "none" : String(place % COLOURS);
    this.text.setAttribute("aria-label", fill(words.text, { time: at, speaker }));
  }

  // Put the words on the screen, those that the model doubted underlined.
  write() {
    const caret = this.focused ? caretIn(this.text) : null;
    const pieces = [];
    let plain = "";
    this.line.words.forEach(([word, , , sure], number) => {
      const text = number ? word : word.trimStart();
      if (sure >= DOUBTFUL || !text.trim()) { plain += text; return; }
      const bare = text.trimStart();
      plain += text.slice(0, text.length - bare.length);
      if (plain) pieces.push(plain);
      plain = "";
      pieces.push(make("span", { class: "ki-ed-doubt", title: this.desk.words.doubtful }, bare));
    });
    this.text.replaceChildren(...pieces, ...(plain ? [plain] : []));
    if (caret !== null) putCaret(this.text, Math.min(caret, this.text.textContent.length));
  }

  // Only the line in hand is met by the Tab key: three stops instead of thousands.
  reachable(yes) {
    for (const part of [this.time, this.who, this.text]) part.tabIndex = yes ? 0 : -1;
    this.element.classList.toggle("ki-ed-in-hand", yes);
  }

  playing(yes) {
    this.element.classList.toggle("ki-ed-now", yes);
    if (yes) this.element.setAttribute("aria-current", "true");
    else this.element.removeAttribute("aria-current");
  }

  // The words' places in the text, in letters; null while somebody has typed something else.
  spans() {
    if (this.text.textContent !== textOf(this.line)) return null;
    let at = 0;
    return this.line.words.map(([word, start, end], number) => {
      const text = number ? word : word.trimStart();
      const from = at + text.length - text.trimStart().length;
      at += text.length;
      return { from, to: at, start, end };
    });
  }

  wordAt(second) {
    const span = this.spans()?.findLast((one) => one.start <= second);
    return span ? { view: this, from: span.from, to: span.to } : null;
  }

  secondAt(letter) {
    const span = this.spans()?.findLast((one) => one.from <= letter);
    return span ? span.start : this.start;
  }
}

function editable(element) {
  try {
    element.contentEditable = "plaintext-only";
  } catch {
    element.contentEditable = "true"; // Firefox before 136
    element.addEventListener("paste", (event) => {
      event.preventDefault();
      document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
    });
    element.addEventListener("drop", (event) => event.preventDefault());
  }
}
