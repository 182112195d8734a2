// The bar on top: playing, undoing, searching, and how things are.
import { button, clock, fill, icon, make } from "./parts.js";

const SPEEDS = ["0.75", "1", "1.25", "1.5"];
const SKIP_S = 3;
const STEPS_A_SECOND = 4;

export class Bar {
  constructor(desk) {
    const { words, sound } = desk;
    this.desk = desk;
    this.playButton = button("play", words.play, () => sound.toggle(), { class: "ki-ed-play" });
    this.slider = make("input", {
      type: "range", min: "0", max: "0", step: "0.1", value: "0", class: "ki-ed-position", "aria-label": words.position,
      on: { input: () => sound.seek(Number(this.slider.value)) },
    });
    this.clock = make("span", { class: "ki-ed-clock", "aria-hidden": "true" });
    this.undo = button("undo", words.undo, () => desk.changes.undo("undo"), { quiet: true, disabled: true, class: "ki-ed-quiet" });
    this.redo = button("redo", words.redo, () => desk.changes.undo("redo"), { quiet: true, disabled: true, class: "ki-ed-quiet" });
    this.doubts = make("button", { type: "button", class: "ki-ed-doubts", title: words.next_doubt, on: { click: () => desk.nextDoubt() } });
    this.searchButton = button("search", words.search, () => desk.search.toggle(), { class: "ki-ed-find", "aria-expanded": "false" });
    this.state = make("span", { class: "ki-ed-state" });
    this.said = make("span", { class: "ki-ed-hidden", role: "status" });
    this.trouble = make("p", { class: "ki-ed-trouble", role: "alert", hidden: true });
    this.element = make("div", { class: "ki-ed-bar" }, this.listening(), this.editing(), this.trouble, this.said);
    this.showTime(0);
  }

  listening() {
    const { words, sound } = this.desk;
    const skip = (name, word, seconds) =>
      make("button", { type: "button", "aria-label": name, title: name, on: { click: () => sound.skip(seconds) } }, word);
    const speed = make("select", { "aria-label": words.speed, title: words.speed, on: { change: () => { sound.speed = Number(speed.value); } } },
      ...SPEEDS.map((rate) => make("option", { value: rate, selected: rate === "1" }, `${Number(rate).toLocaleString(this.desk.language)} ×`)));
    const parts = [this.playButton, skip(words.back, words.back_short, -SKIP_S), skip(words.forward, words.forward_short, SKIP_S)];
    return make("div", { class: "ki-ed-row" }, ...parts, speed, this.slider, this.clock);
  }

  editing() {
    const { words } = this.desk;
    const keys = button("keys", words.keys, () => this.desk.help.open(), { class: "ki-ed-keys", "aria-haspopup": "dialog" });
    return make("div", { class: "ki-ed-row" }, this.undo, this.redo, this.searchButton, this.doubts, keys, this.state);
  }

  showTime(second) {
    const { words, sound } = this.desk;
    const total = Math.max(sound.seconds, this.desk.seconds);
    const shown = `${Math.floor(second * STEPS_A_SECOND)} ${total}`;
    if (shown === this.shown) return; // painting costs more than playing
    this.shown = shown;
    const [now, all] = [clock(second), clock(total)];
    this.slider.max = String(Math.ceil(total * 10) / 10);
    this.slider.value = String(second);
    this.slider.setAttribute("aria-valuetext", fill(words.position_of, { now, total: all }));
    this.clock.textContent = `${now} / ${all}`;
  }

  showPlaying(playing) {
    const { words } = this.desk;
    const word = playing ? words.pause : words.play;
    this.playButton.replaceChildren(icon(playing ? "pause" : "play"), make("span", { class: "ki-ed-word" }, word));
    this.playButton.title = word;
  }

  showHistory({ undo, redo }) {
    this.undo.disabled = !undo;
    this.redo.disabled = !redo;
  }

  showDoubts(count) {
    const { words } = this.desk;
    this.doubts.hidden = count === 0;
    this.doubts.replaceChildren(make("span", { class: "ki-ed-doubt" }, fill(words.doubts, { count })));
    this.doubts.setAttribute("aria-label", `${fill(words.doubts, { count })}. ${words.next_doubt}`);
  }

  showState(name) {
    this.state.textContent = this.desk.words[name];
    this.state.dataset.state = name;
  }

  // Told to screen readers only: what others see by themselves.
  say(sentence) {
    this.said.textContent = "";
    requestAnimationFrame(() => { this.said.textContent = sentence; });
  }

  complain(sentence) {
    this.trouble.hidden = !sentence;
    this.trouble.textContent = sentence;
  }
}
