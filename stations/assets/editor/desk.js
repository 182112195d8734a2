// The editor of one transcript: brings lines, sound, bar and program together.
import { Bar } from "./bar.js";
import { caretIn, putCaret, rangeIn } from "./caret.js";
import { Help } from "./help.js";
import { Keys } from "./keys.js";
import { DOUBTFUL, textOf } from "./line.js";
import { clock, fill, make } from "./parts.js";
import { People } from "./people.js";
import { Search } from "./search.js";
import { Sheet } from "./sheet.js";
import { Sound } from "./sound.js";
import { Wire } from "./wire.js";

const REST_MS = 1000;
let editors = 0;

export class Editor {
  constructor(host) {
    this.number = editors += 1;
    this.words = JSON.parse(host.dataset.words);
    this.language = host.dataset.language || document.documentElement.lang;
    this.speakers = new Map();
    this.seconds = 0;
    this.timers = new Map();
    this.wire = new Wire(host.dataset.job, { onNews: (news) => this.take(news), onState: (name) => this.showState(name) });
    this.sound = new Sound(`${this.wire.address}/audio`, {
      onTick: (second) => this.tick(second),
      onState: () => { this.bar.showPlaying(this.sound.playing); this.tick(this.sound.now); },
      onMissing: () => this.bar.complain(this.words.no_sound),
    });
    this.sheet = new Sheet(this);
    this.help = new Help(this);
    this.people = new People(this);
    this.search = new Search(this);
    this.bar = new Bar(this);
    this.draw(host);
    this.keys = new Keys(this);
    this.leaving = (event) => { if (this.unsaved) event.preventDefault(); };
    this.looking = () => { if (!document.hidden) this.wire.poll(0); };
    addEventListener("beforeunload", this.leaving);
    document.addEventListener("visibilitychange", this.looking);
    this.wire.begin().catch((refusal) => this.refused(refusal));
  }

  draw(host) {
    const { words } = this;
    this.wayBack = make("button", { type: "button", class: "ki-ed-back", hidden: true, on: { click: () => this.sheet.backToNow() } }, words.follow);
    this.element = make("section", { class: "ki-ed", "aria-label": words.region, lang: this.language },
      this.bar.element, this.search.element, this.sheet.box, this.wayBack, this.lineTools(), this.people.dialog, this.help.dialog);
    host.replaceChildren(this.element);
  }

  // What can be done with the line in hand, for those who have no keyboard.
  lineTools() {
    const { words } = this;
    const tool = (name, press) => make("button", { type: "button", title: words[`${name}_hint`], on: { pointerdown: keepCursor, click: press } }, words[name]);
    const held = () => this.sheet.inHand;
    this.held = make("span", { class: "ki-ed-held" });
    return make("div", { class: "ki-ed-tools", role: "group", "aria-label": words.tools }, this.held,
      tool("confirm", () => this.confirm(held())), tool("split", () => this.split(held())),
      tool("merge", () => this.merge(held())), tool("delete", () => this.remove(held())));
  }

  // The sheet tells which line is in hand.
  hold(view) {
    this.held.textContent = view ? fill(this.words.held, { time: clock(view.start) }) : "";
  }

  // What the program tells

  take(news) {
    const speakers = JSON.stringify(news.speakers);
    const renamed = speakers !== this.spoken;
    this.spoken = speakers;
    this.speakers = new Map(news.speakers);
    this.seconds = news.seconds;
    this.sheet.take(news);
    if (renamed) this.sheet.relabel();
    this.sheet.list.lang = news.language || this.language;
    this.sheet.showState(news);
    this.bar.showHistory(news);
    this.bar.showTime(this.sound.now);
    if (news.whole || news.splices.length || renamed) this.recount();
    this.showState(news.growing ? "growing" : "saved");
  }

  recount() {
    const doubts = this.sheet.views.reduce((sum, view) => sum + view.line.words.filter(([, , , sure]) => sure < DOUBTFUL).length, 0);
    this.bar.showDoubts(doubts);
    this.sheet.highlight(this.sound.now, this.sound.playing);
    this.search.look();
  }

  showState(name) {
    const rest = this.unsaved ? "saving" : this.wire?.growing ? "growing" : "saved";
    this.bar.showState(name === "saved" || name === "growing" ? rest : name);
  }

  refused(refusal) {
    if (!refusal.status) throw refusal;
    this.bar.complain(refusal.message || this.words.no_answer);
    if (this.sheet.views.length === 0) this.bar.state.textContent = "";
  }

  speakerPlace(id) {
    return [...this.speakers.keys()].indexOf(id);
  }

  speakerName(id) {
    const place = this.speakerPlace(id);
    return place < 0 ? this.words.unknown : this.speakers.get(id) || fill(this.words.person, { number: place + 1 });
  }

  // Typing and saving

  get unsaved() {
    return this.sheet.views.some((view) => view.dirty);
  }

  entered(view) {
    if (!view) return;
    this.sheet.hold(view);
  }

  left(view, event) {
    if (!view || event.target !== view.text) return;
    view.keepCaret();
    if (view.dirty) this.save(view, true).catch(() => {});
    else view.write();
  }

  typed(view) {
    if (!view) return;
    view.dirty = true;
    this.sheet.typedAt = performance.now();
    this.showState("saving");
    clearTimeout(this.timers.get(view));
    this.timers.set(view, setTimeout(() => this.save(view).catch(() => {}), REST_MS));
  }

  // Send a line that was typed into; an empty one goes as soon as the person has left it.
  async save(view, leaving = false) {
    clearTimeout(this.timers.get(view));
    this.timers.delete(view);
    if (!view.dirty) return;
    if (!view.typed && !leaving) return;
    if (!view.typed) return await this.remove(view);
    try {
      await this.wire.edit(() => this.textOperation(view));
      if (!view.dirty && leaving && !view.focused) view.write();
      this.bar.complain("");
      if (leaving) this.bar.say(this.words.did_save);
    } catch (refusal) {
      this.refused(refusal);
      throw refusal;
    } finally {
      this.showState("saved");
    }
  }

  textOperation(view) {
    if (view.gone || view.typed === textOf(view.line)) {
      view.dirty = false;
      return null;
    }
    return { kind: "text", line: view.id, text: view.typed };
  }

  async saveAll() {
    for (const view of this.sheet.views.filter((one) => one.dirty)) await this.save(view);
  }

  // Changes other than typing; what was typed before goes first. Resolves to the answer, or null if it was refused.

  async carryOut(operation, did = "") {
    this.bar.complain("");
    try {
      await this.saveAll();
      const answer = await this.wire.edit(() => operation);
      if (did) this.bar.say(did);
      return answer;
    } catch (refusal) {
      this.refused(refusal);
      return null;
    }
  }

  async split(view) {
    if (!view) return;
    const letter = view.caret ?? 0;
    const before = view.text.textContent.slice(0, letter).normalize("NFC").replace(/\s+/g, " ").trimStart();
    const done = await this.carryOut({ kind: "split", line: view.id, at: [...before].length }, this.words.did_split);
    const second = done && this.sheet.beside(view, 1);
    if (second) putCaret(second.text, 0);
  }

  // Join a line with the next; the cursor stays between the two.
  async merge(view) {
    if (!view) return;
    await this.saveAll().catch(() => {});
    const letter = textOf(view.line).length;
    const done = await this.carryOut({ kind: "merge", line: view.id }, this.words.did_merge);
    if (done) putCaret(view.text, Math.min(letter + 1, view.text.textContent.length));
  }

  async remove(view) {
    if (!view) return;
    const next = this.sheet.beside(view, 1) ?? this.sheet.beside(view, -1);
    const within = view.element.contains(document.activeElement);
    view.dirty = false;
    const done = await this.carryOut({ kind: "delete", line: view.id }, this.words.did_delete);
    if (done && within && next) putCaret(next.text, 0);
    if (!done && view.element.isConnected) view.write();
  }

  async confirm(view) {
    if (!view) return;
    const done = await this.carryOut({ kind: "confirm", lines: [view.id] }, this.words.did_confirm);
    if (!done) return;
    view.write();
    const next = this.sheet.beside(view, 1);
    if (!next) return;
    putCaret(next.text, 0);
    this.sheet.reveal(next);
  }

  async undo(kind) {
    const done = await this.carryOut({ kind }, this.words[kind === "undo" ? "did_undo" : "did_redo"]);
    const splice = done?.splices.at(-1);
    const view = splice && this.sheet.views[Math.min(splice.at, this.sheet.views.length - 1)];
    if (!view) return;
    this.sheet.flash(view);
    if (document.activeElement === document.body) putCaret(view.text, 0);
  }

  // Listening

  tick(second) {
    this.bar.showTime(second);
    this.sheet.highlight(second, this.sound.playing);
  }

  // Play on from a line, or from a second in it.
  playFrom(view, second = view.start) {
    this.bar.complain("");
    this.sheet.following = true;
    this.showWayBack(false);
    this.sound.play(second);
  }

  // Somebody went into a sentence: they hear it once, or playing goes on from there.
  hear(view) {
    if (!this.help.playOnClick) return;
    this.bar.complain("");
    this.sheet.following = true;
    this.sound.play(view.start, this.sound.playing ? Infinity : view.end);
  }

  showWayBack(yes) {
    this.wayBack.hidden = !yes;
  }

  // Go to the next word that the model doubted, from the cursor on, and around at the end.
  nextDoubt() {
    const { views } = this.sheet;
    if (!views.length) return;
    const from = this.sheet.place(this.sheet.inHand);
    const order = [...views.slice(from), ...views.slice(0, from)];
    const caret = order[0].caret ?? -1;
    for (const [number, view] of [...order, order[0]].entries()) {
      const spans = [...view.text.querySelectorAll(".ki-ed-doubt")];
      const found = spans.find((span) => number > 0 || startOf(view, span) > caret);
      if (found) return this.select(view, found);
    }
    this.bar.say(this.words.no_doubt);
  }

  select(view, span) {
    const from = startOf(view, span);
    view.text.focus({ preventScroll: true });
    getSelection().setBaseAndExtent(...ends(rangeIn(view.text, from, from + span.textContent.length)));
    this.sheet.reveal(view);
  }

  leave() {
    removeEventListener("beforeunload", this.leaving);
    document.removeEventListener("visibilitychange", this.looking);
    for (const view of this.sheet.views.filter((one) => one.dirty)) this.save(view).catch(() => {});
    this.sound.close();
    this.wire.close();
  }
}

function keepCursor(event) {
  event.preventDefault();
}

function startOf(view, span) {
  const before = document.createRange();
  before.selectNodeContents(view.text);
  before.setEndBefore(span);
  return before.toString().length;
}

function ends(range) {
  return [range.startContainer, range.startOffset, range.endContainer, range.endOffset];
}
