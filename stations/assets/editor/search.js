// Search and replace: a panel below the bar, all finds coloured, one after the other.
import { rangeIn } from "./caret.js";
import { textOf } from "./line.js";
import { button, fill, make } from "./parts.js";
import { mark } from "./sheet.js";

const MOST_SHOWN = 2000;

export class Search {
  constructor(desk) {
    this.desk = desk;
    this.finds = [];
    this.at = -1;
    const { words } = desk;
    this.wanted = make("input", { type: "search", maxlength: "200", autocomplete: "off", on: { input: () => this.look() } });
    this.instead = make("input", { type: "text", maxlength: "200", autocomplete: "off" });
    this.whole = make("input", { type: "checkbox", on: { change: () => this.look() } });
    this.exact = make("input", { type: "checkbox", on: { change: () => this.look() } });
    this.count = make("span", { class: "ki-ed-count", role: "status" });
    this.element = make("form", { class: "ki-ed-search", hidden: true, role: "search", on: { submit: (event) => this.submit(event), keydown: (event) => this.key(event) } },
      make("div", { class: "ki-ed-row" }, field(words.search_for, this.wanted),
        button("up", words.previous, () => this.step(-1), { quiet: true }), button("down", words.next, null, { quiet: true, type: "submit" }),
        button("close", words.close, () => this.toggle(false), { quiet: true, class: "ki-ed-close" }), this.count),
      make("div", { class: "ki-ed-row" }, field(words.replace_by, this.instead), make("button", { type: "button", on: { click: () => this.replace() } }, words.replace),
        check(words.whole_words, this.whole), check(words.match_case, this.exact)));
  }

  toggle(open = this.element.hidden) {
    this.element.hidden = !open;
    this.desk.bar.searchButton.setAttribute("aria-expanded", String(open));
    if (open) this.wanted.select(), this.wanted.focus();
    else this.desk.bar.searchButton.focus();
    this.look();
  }

  submit(event) {
    event.preventDefault();
    this.step(1);
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    this.toggle(false);
  }

  pattern() {
    const words = this.wanted.value.normalize("NFC").split(/\s+/).filter(Boolean);
    if (!words.length || this.element.hidden) return null;
    const exact = words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("\\s+");
    const whole = this.whole.checked ? `(?<![\\p{L}\\p{N}_])${exact}(?![\\p{L}\\p{N}_])` : exact;
    return new RegExp(whole, this.exact.checked ? "gu" : "giu");
  }

  // Find all places anew; called when the text changes too.
  look() {
    const pattern = this.pattern();
    const before = this.finds[this.at];
    this.finds = pattern ? this.desk.sheet.views.flatMap((view) => [...textOf(view.line).matchAll(pattern)].map((found) => ({ view, from: found.index, to: found.index + found[0].length }))) : [];
    this.at = before ? this.finds.findIndex((one) => one.view === before.view && one.from === before.from) : -1;
    this.show();
  }

  step(by) {
    if (!this.finds.length) return;
    const first = this.at < 0 && by > 0 ? this.firstFromHere() : this.at + by;
    this.at = (first + this.finds.length) % this.finds.length;
    this.desk.sheet.reveal(this.finds[this.at].view);
    this.desk.sheet.hold(this.finds[this.at].view);
    this.show();
  }

  firstFromHere() {
    const { sheet } = this.desk;
    const here = sheet.place(sheet.inHand);
    return Math.max(0, this.finds.findIndex((one) => sheet.place(one.view) >= here));
  }

  show() {
    const { words } = this.desk;
    const count = this.finds.length;
    this.count.textContent = !this.wanted.value.trim() ? "" : count ? fill(words.found, { at: this.at + 1 || "–", count }) : words.found_none;
    const now = this.finds[this.at];
    mark("ki-ed-found", this.finds.slice(0, MOST_SHOWN).map(range).filter(Boolean));
    mark("ki-ed-found-now", [now && range(now)].filter(Boolean));
  }

  async replace() {
    const operation = { kind: "replace", search: this.wanted.value, replacement: this.instead.value, whole_words: this.whole.checked, match_case: this.exact.checked };
    const { words } = this.desk;
    const answer = await this.desk.changes.carryOut(operation);
    if (!answer) return;
    const count = answer.splices.reduce((sum, splice) => sum + Math.max(splice.lines.length, splice.removed), 0);
    this.count.textContent = count === 1 ? words.did_replace_one : fill(words.did_replace, { count });
  }
}

function range({ view, from, to }) {
  return view.text.textContent === textOf(view.line) ? rangeIn(view.text, from, to) : null;
}

function field(label, input) {
  return make("label", { class: "ki-ed-field" }, make("span", {}, label), input);
}

function check(label, input) {
  return make("label", { class: "ki-ed-check" }, input, label);
}
