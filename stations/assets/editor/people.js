// Who spoke: a dialog to choose, to add and to name, with a sample of each voice.
import { button, fill, icon, make } from "./parts.js";

export class People {
  constructor(desk) {
    this.desk = desk;
    this.dialog = make("dialog", { class: "ki-ed-dialog ki-ed-people", on: { close: () => this.closed() } });
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.view = null;
  }

  open(view) {
    this.view = view;
    this.draw();
    this.dialog.showModal();
    this.dialog.querySelector("[aria-pressed=true]")?.focus();
  }

  closed() {
    if (this.sampling) this.desk.sound.pause();
    this.sampling = false;
    if (document.activeElement === document.body) this.view?.who.focus();
    this.view = null;
  }

  draw() {
    const { words } = this.desk;
    const title = make("h2", { id: `ki-ed-who-${this.desk.number}` }, words.who_title);
    const close = button("close", words.close, () => this.dialog.close(), { quiet: true, class: "ki-ed-close" });
    this.following = make("input", { type: "checkbox" });
    const following = make("label", { class: "ki-ed-check" }, this.following, words.following);
    this.dialog.setAttribute("aria-labelledby", title.id);
    this.dialog.replaceChildren(make("div", { class: "ki-ed-head" }, title, close), following, this.choices(), this.adding(), ...this.renaming());
  }

  choices() {
    const ids = [...this.desk.speakers.keys(), ""];
    return make("ul", { class: "ki-ed-choices" }, ...ids.map((id) => make("li", {}, this.choice(id), this.sample(id))));
  }

  choice(id) {
    const chosen = this.view.line.speaker === id;
    const place = this.desk.speakerPlace(id);
    const dot = make("span", { class: "ki-ed-dot", "aria-hidden": "true" });
    const colour = place < 0 ? "none" : String(place % 8);
    const press = () => this.done({ kind: "speaker", lines: this.lines(), speaker: id });
    const name = make("span", { class: "ki-ed-name" }, this.desk.speakerName(id));
    return make("button", { type: "button", "aria-pressed": String(chosen), "data-colour": colour, on: { click: press } }, dot, name, chosen ? icon("check") : null);
  }

  // The longest line somebody says is the best sample of the voice.
  sample(id) {
    const own = this.desk.sheet.views.filter((view) => view.line.speaker === id);
    const longest = own.reduce((best, view) => (!best || view.end - view.start > best.end - best.start ? view : best), null);
    if (!id || !longest) return null;
    const word = fill(this.desk.words.sample, { speaker: this.desk.speakerName(id) });
    return button("play", word, () => this.hear(longest), { quiet: true });
  }

  hear(view) {
    this.sampling = true;
    this.desk.sound.play(view.start, view.end);
  }

  adding() {
    const { words } = this.desk;
    return this.form(words.new_person, words.add, "", (name) => this.done({ kind: "new_speaker", lines: this.lines(), name }));
  }

  renaming() {
    const { words } = this.desk;
    const speaker = this.view.line.speaker;
    if (!speaker) return [];
    const label = fill(words.rename, { speaker: this.desk.speakerName(speaker) });
    const form = this.form(label, words.rename_do, this.desk.speakers.get(speaker), (name) => this.done({ kind: "rename", speaker, name }));
    return [form, make("p", { class: "ki-ed-hint" }, words.rename_hint)];
  }

  form(label, word, value, send) {
    const input = make("input", { type: "text", maxlength: "60", value, autocomplete: "off" });
    const go = make("button", { type: "submit" }, word);
    const submit = (event) => { event.preventDefault(); send(input.value); };
    return make("form", { class: "ki-ed-form", on: { submit } }, make("label", {}, make("span", {}, label), input), go);
  }

  // This line, and on wish those after it that have the same speaker.
  lines() {
    const { views } = this.desk.sheet;
    const from = this.desk.sheet.place(this.view);
    const speaker = this.view.line.speaker;
    const other = views.findIndex((view, place) => place > from && view.line.speaker !== speaker);
    const end = this.following.checked ? (other < 0 ? views.length : other) : from + 1;
    return views.slice(from, end).map((view) => view.id);
  }

  done(operation) {
    this.dialog.close();
    this.desk.changes.carryOut(operation, this.desk.words.did_name);
  }
}
