// What a person changes: typed text is saved by itself, everything else is asked for one by one.
import { putCaret } from "./caret.js";
import { textOf } from "./line.js";

const REST_MS = 1000;

export class Changes {
  constructor(desk) {
    this.desk = desk;
    this.timers = new Map();
  }

  get sheet() { return this.desk.sheet; }
  get bar() { return this.desk.bar; }
  get words() { return this.desk.words; }

  get unsaved() {
    return this.sheet.views.some((view) => view.dirty);
  }

  entered(view) {
    if (view) this.sheet.hold(view);
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
    this.desk.showState("saving");
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
      await this.desk.wire.edit(() => this.textOperation(view));
      if (!view.dirty && leaving && !view.focused) view.write();
      this.bar.complain("");
      if (leaving) this.bar.say(this.words.did_save);
    } catch (refusal) {
      this.desk.refused(refusal);
      throw refusal;
    } finally {
      this.desk.showState("saved");
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
      const answer = await this.desk.wire.edit(() => operation);
      if (did) this.bar.say(did);
      return answer;
    } catch (refusal) {
      this.desk.refused(refusal);
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
}
