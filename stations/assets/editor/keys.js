// The keyboard and the pointer in the lines.
import { atEdge, caretIn, isCollapsed, putCaret } from "./caret.js";

const BACK_S = 3;

export class Keys {
  constructor(desk) {
    this.desk = desk;
    this.entered = null;
    desk.element.addEventListener("keydown", (event) => this.anywhere(event));
    const { list } = desk.sheet;
    list.addEventListener("keydown", (event) => this.inLine(event));
    list.addEventListener("input", (event) => desk.changes.typed(viewOf(event)));
    list.addEventListener("focusin", (event) => desk.changes.entered(viewOf(event)));
    list.addEventListener("focusout", (event) => desk.changes.left(viewOf(event), event));
    list.addEventListener("pointerdown", (event) => { this.entered = document.activeElement === event.target.closest(".ki-ed-text") ? null : viewOf(event); });
    list.addEventListener("click", (event) => this.click(event));
  }

  click(event) {
    const view = viewOf(event);
    if (!view) return;
    if (event.target.closest(".ki-ed-time")) this.desk.playFrom(view);
    else if (event.target.closest(".ki-ed-who")) this.desk.people.open(view);
    else if (event.target.closest(".ki-ed-text") && this.entered === view && isCollapsed()) this.desk.hear(view);
    this.entered = null;
  }

  anywhere(event) {
    if (event.isComposing || event.defaultPrevented || event.target.closest("dialog")) return;
    const { sound } = this.desk;
    const field = event.target.matches("input:not([type=range]):not([type=checkbox]), select");
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    const letter = event.key.toLowerCase();
    if (event.key === "F8" || (event.key === "Escape" && !field)) sound.toggle();
    else if (event.key === "F2" && !command) sound.skip(event.shiftKey ? BACK_S : -BACK_S);
    else if (command && !field && letter === "z") this.desk.changes.undo(event.shiftKey ? "redo" : "undo");
    else if (command && !field && letter === "y") this.desk.changes.undo("redo");
    else return;
    event.preventDefault();
  }

  inLine(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work
    const view = viewOf(event);
    const handled = event.target === view?.text ? this.inText(event, view) : this.onButton(event, view);
    if (handled) event.preventDefault();
  }

  onButton(event, view) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const other = step && this.desk.sheet.beside(view, step);
    if (!other) return false;
    (event.target.closest(".ki-ed-time") ? other.time : other.who).focus();
    return true;
  }

  inText(event, view) {
    const { sheet } = this.desk;
    if (event.key === "Enter") return this.enter(event, view);
    if (event.altKey && event.key === "ArrowUp") return this.go(sheet.beside(view, -1), 0);
    if (event.altKey && event.key === "ArrowDown") return this.go(sheet.beside(view, 1), 0);
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || !isCollapsed()) return false;
    return this.atTheEdge(event.key, view);
  }

  enter(event, view) {
    if (event.shiftKey) this.desk.playFrom(view, view.secondAt(caretIn(view.text) ?? 0));
    else if (event.ctrlKey || event.metaKey) this.desk.changes.confirm(view);
    else this.desk.changes.split(view);
    return true;
  }

  // Where a text ends, the cursor goes on in the next one, and deleting joins the two.
  atTheEdge(key, view) {
    const { sheet } = this.desk;
    const [caret, length] = [caretIn(view.text), view.text.textContent.length];
    const [before, after] = [sheet.beside(view, -1), sheet.beside(view, 1)];
    if (key === "Backspace" && caret === 0 && before) return this.desk.changes.merge(before), true;
    if (key === "Delete" && caret === length && after) return this.desk.changes.merge(view), true;
    if (key === "ArrowLeft" && caret === 0) return this.go(before, Infinity);
    if (key === "ArrowRight" && caret === length) return this.go(after, 0);
    if (key === "ArrowUp" && atEdge(view.text, "first")) return this.go(before, caret);
    if (key === "ArrowDown" && atEdge(view.text, "last")) return this.go(after, caret);
    return false;
  }

  go(view, letter) {
    if (!view) return false;
    putCaret(view.text, Math.min(letter, view.text.textContent.length));
    this.desk.sheet.reveal(view);
    return true;
  }
}

function viewOf(event) {
  return event.target.closest?.(".ki-ed-line")?.view ?? null;
}
