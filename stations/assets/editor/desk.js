// The editor of one transcript: brings lines, sound, bar and program together.
import { Bar } from "./bar.js";
import { Changes } from "./changes.js";
import { countDoubts, selectNextDoubt } from "./doubts.js";
import { Help } from "./help.js";
import { Keys } from "./keys.js";
import { clock, fill, make } from "./parts.js";
import { People } from "./people.js";
import { Search } from "./search.js";
import { Sheet } from "./sheet.js";
import { Sound } from "./sound.js";
import { Wire } from "./wire.js";

let editors = 0;

export class Editor {
  constructor(host) {
    this.number = editors += 1;
    this.words = JSON.parse(host.dataset.words);
    this.language = host.dataset.language || document.documentElement.lang;
    this.speakers = new Map();
    this.seconds = 0;
    this.wire = new Wire(host.dataset.job, { onNews: (news) => this.take(news), onState: (name) => this.showState(name) });
    this.sound = new Sound(`${this.wire.address}/audio`, {
      onTick: (second) => this.tick(second),
      onState: () => { this.bar.showPlaying(this.sound.playing); this.tick(this.sound.now); },
      onMissing: () => this.bar.complain(this.words.no_sound),
    });
    this.sheet = new Sheet(this);
    this.changes = new Changes(this);
    this.help = new Help(this);
    this.people = new People(this);
    this.search = new Search(this);
    this.bar = new Bar(this);
    this.draw(host);
    this.keys = new Keys(this);
    this.leaving = (event) => { if (this.changes.unsaved) event.preventDefault(); };
    this.looking = () => {
      if (document.hidden) this.changes.saveAll().catch(() => {});
      else this.wire.poll(0);
    };
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
      tool("confirm", () => this.changes.confirm(held())), tool("split", () => this.changes.split(held())),
      tool("merge", () => this.changes.merge(held())), tool("delete", () => this.changes.remove(held())));
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
    this.bar.showDoubts(countDoubts(this.sheet));
    this.sheet.highlight(this.sound.now, this.sound.playing);
    this.search.look();
  }

  showState(name) {
    const rest = this.changes.unsaved ? "saving" : this.wire?.growing ? "growing" : "saved";
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

  nextDoubt() {
    if (!selectNextDoubt(this.sheet)) this.bar.say(this.words.no_doubt);
  }

  leave() {
    removeEventListener("beforeunload", this.leaving);
    document.removeEventListener("visibilitychange", this.looking);
    for (const view of this.sheet.views.filter((one) => one.dirty)) this.changes.save(view).catch(() => {});
    this.sound.close();
    this.wire.close();
  }
}

function keepCursor(event) {
  event.preventDefault();
}
