// The recording: plays from a second, to a second, and tells where it is.

const TICK_MS = 80;
const LATE_S = 0.05;

export class Sound {
  // onTick(seconds) comes while it plays; onState() when it begins or ends; onMissing() when there is no sound yet.
  constructor(address, { onTick, onState, onMissing }) {
    this.address = address;
    this.onTick = onTick;
    this.onState = onState;
    this.onMissing = onMissing;
    this.until = Infinity;
    this.timer = 0;
    this.tries = 0;
    this.element = new Audio();
    this.element.preload = "metadata";
    this.element.src = address;
    for (const event of ["play", "pause", "ended"]) this.element.addEventListener(event, () => this.changed());
    this.element.addEventListener("seeked", () => onTick(this.now));
    this.element.addEventListener("loadedmetadata", () => this.onState());
  }

  get playing() {
    return !this.element.paused;
  }

  get now() {
    return this.element.currentTime || 0;
  }

  get seconds() {
    return Number.isFinite(this.element.duration) ? this.element.duration : 0;
  }

  set speed(rate) {
    this.element.defaultPlaybackRate = rate;
    this.element.playbackRate = rate;
  }

  // Play from a second, up to another if there is one.
  async play(from = this.now, until = Infinity) {
    this.until = until;
    try {
      await this.ready(from);
      if (this.seconds && from >= this.seconds) return this.onMissing();
      if (Math.abs(this.now - from) > LATE_S / 2) this.element.currentTime = from;
      await this.element.play();
    } catch (error) {
      if (error.name !== "AbortError") this.onMissing();
    }
  }

  pause() {
    this.element.pause();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play(this.element.ended ? 0 : this.now);
  }

  seek(second) {
    this.until = Infinity;
    const end = this.seconds || Infinity;
    this.element.currentTime = Math.min(Math.max(0, second), end);
    this.onTick(this.now);
  }

  skip(seconds) {
    this.seek(this.now + seconds);
  }

  close() {
    clearInterval(this.timer);
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
  }

  // The file may have come, or grown, since it was looked at.
  async ready(from) {
    const short = this.seconds > 0 && from >= this.seconds;
    if (!this.element.error && !short) return;
    this.tries += 1;
    this.element.src = `${this.address}?again=${this.tries}`;
    await new Promise((go, fail) => {
      this.element.addEventListener("loadedmetadata", go, { once: true });
      this.element.addEventListener("error", () => fail(this.element.error ?? new Error("no sound")), { once: true });
    });
  }

  changed() {
    clearInterval(this.timer);
    if (this.playing) this.timer = setInterval(() => this.tick(), TICK_MS);
    this.onState();
  }

  tick() {
    if (this.now >= this.until - LATE_S) {
      this.until = Infinity;
      this.pause();
    }
    this.onTick(this.now);
  }
}
