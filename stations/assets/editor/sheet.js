// All lines on the screen: taken over from the program, found by second, scrolled to, highlighted.
import { rangeIn } from "./caret.js";
import { LineView } from "./line.js";
import { make } from "./parts.js";

const TYPING_MS = 5000;

export class Sheet {
  constructor(desk) {
    this.desk = desk;
    this.views = [];
    this.byId = new Map();
    this.now = null;
    this.inHand = null;
    this.following = true;
    this.typedAt = 0;
    this.list = make("ol", { class: "ki-ed-list", "aria-label": desk.words.lines });
    this.note = make("p", { class: "ki-ed-empty" });
    this.live = make("p", { class: "ki-ed-live", hidden: true });
    this.box = make("div", { class: "ki-ed-box" }, this.list, this.note, this.live);
    for (const event of ["wheel", "touchmove"]) this.box.addEventListener(event, () => this.scrolledAway(), { passive: true });
    this.box.addEventListener("keydown", (event) => { if (/^Page/.test(event.key)) this.scrolledAway(); });
  }

  // Bring the screen to what the program has. Lines that stay keep their element, so the cursor stays too.
  take({ whole, splices }) {
    if (whole) this.splice({ at: 0, removed: this.views.length, lines: splices[0]?.lines ?? [] });
    else splices.forEach((splice) => this.splice(splice));
    if (!this.inHand || this.byId.get(this.inHand.id) !== this.inHand) this.hold(this.views[0] ?? null);
  }

  splice({ at, removed, lines }) {
    const gone = new Map(this.views.slice(at, at + removed).map((view) => [view.id, view]));
    let next = this.views[at]?.element ?? null;
    const views = lines.map((line) => {
      const known = gone.get(line.id);
      gone.delete(line.id);
      const view = known ?? new LineView(line, this.desk);
      if (known) known.show(line);
      if (view.element === next) next = next.nextElementSibling;
      else this.list.insertBefore(view.element, next);
      return view;
    });
    for (const view of gone.values()) { view.gone = true; view.element.remove(); }
    for (const id of gone.keys()) this.byId.delete(id);
    for (const view of views) this.byId.set(view.id, view);
    this.views.splice(at, removed, ...views);
  }

  relabel() {
    this.views.forEach((view) => view.label());
  }

  place(view) {
    return this.views.indexOf(view);
  }

  beside(view, step) {
    return this.views[this.place(view) + step] ?? null;
  }

  hold(view) {
    if (this.inHand === view) return;
    this.inHand?.reachable(false);
    this.inHand = view;
    view?.reachable(true);
    this.desk.hold(view);
  }

  // The last line that has begun at that second; lines are in order of time.
  at(second) {
    let [low, high] = [0, this.views.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.views[middle].start <= second + 0.01) low = middle + 1;
      else high = middle;
    }
    return this.views[low - 1] ?? null;
  }

  highlight(second, playing) {
    const view = this.at(second);
    if (view !== this.now) {
      this.now?.playing(false);
      this.now = view;
      view?.playing(true);
      if (playing) this.follow();
    }
    this.showWord(playing && view ? view.wordAt(second) : null);
  }

  // The browser paints anew at each change, so only a new word is one.
  showWord(word) {
    if (word?.view === this.word?.view && word?.from === this.word?.from) return;
    this.word = word;
    const range = word && rangeIn(word.view.text, word.from, word.to);
    mark("ki-ed-word-now", range ? [range] : []);
  }

  // Keep what is heard in sight, unless the person types or has scrolled somewhere else.
  follow() {
    const typing = this.box.contains(document.activeElement) && performance.now() - this.typedAt < TYPING_MS;
    if (this.now && this.following && !typing) this.reveal(this.now);
    this.desk.showWayBack(Boolean(this.now) && !this.following);
  }

  scrolledAway() {
    if (!this.desk.sound.playing) return;
    this.following = false;
    this.desk.showWayBack(true);
  }

  backToNow() {
    this.following = true;
    this.desk.showWayBack(false);
    if (this.now) this.reveal(this.now, true);
  }

  reveal(view, always = false) {
    const [box, line] = [this.box.getBoundingClientRect(), view.element.getBoundingClientRect()];
    const inside = line.top >= box.top + 8 && line.bottom <= box.bottom - box.height / 5;
    if (inside && !always) return;
    const top = this.box.scrollTop + line.top - box.top - box.height / 3;
    const far = Math.abs(top - this.box.scrollTop) > 3 * box.height;
    const still = far || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.box.scrollTo({ top, behavior: still ? "instant" : "smooth" });
    if (far) requestAnimationFrame(() => view.element.scrollIntoView({ block: "nearest" })); // heights were guesses
  }

  flash(view) {
    this.reveal(view);
    view.element.classList.remove("ki-ed-flash");
    void view.element.offsetWidth; // begins the animation anew
    view.element.classList.add("ki-ed-flash");
  }

  showState({ growing, live }) {
    const { words } = this.desk;
    this.note.textContent = this.views.length ? "" : growing ? words.empty_yet : words.empty;
    this.live.hidden = !live.length;
    this.live.textContent = live.length ? `${words.live} ${live.join(" ")}` : "";
  }
}

// Colours ranges of text without touching the text; browsers that cannot do it leave it.
export function mark(name, ranges) {
  if (!globalThis.CSS?.highlights) return;
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}
