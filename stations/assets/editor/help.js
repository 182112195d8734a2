// What the keyboard can do, and the one setting.
import { button, make, remember, remembered } from "./parts.js";

const KEYS = ["play", "back", "forward", "here", "lines", "split", "merge", "merge_next", "confirm", "undo", "rest"];
const PLAY_ON_CLICK = "ki-editor-play-on-click";

export class Help {
  constructor(desk) {
    const { words } = desk;
    this.clicking = make("input", { type: "checkbox", checked: remembered(PLAY_ON_CLICK, "yes") === "yes", on: { change: () => remember(PLAY_ON_CLICK, this.clicking.checked ? "yes" : "no") } });
    const id = `ki-ed-keys-${desk.number}`;
    const rows = KEYS.map((key) => make("tr", {}, make("th", { scope: "row" }, words[`key_${key}`]), make("td", {}, words[`key_${key}_names`])));
    const close = button("close", words.close, () => this.dialog.close(), { quiet: true, class: "ki-ed-close" });
    this.dialog = make("dialog", { class: "ki-ed-dialog ki-ed-help", "aria-labelledby": id },
      make("div", { class: "ki-ed-head" }, make("h2", { id }, words.keys_title), close),
      make("p", { class: "ki-ed-hint" }, words.keys_note),
      make("table", {}, make("tbody", {}, ...rows)),
      make("label", { class: "ki-ed-check" }, this.clicking, words.play_on_click));
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
  }

  get playOnClick() {
    return this.clicking.checked;
  }

  open() {
    this.dialog.showModal();
  }
}
