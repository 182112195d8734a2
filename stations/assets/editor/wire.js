// Talks to the program: one change after the other, again and again while it does not answer, news while it listens.

const POLL_MS = 1500;
const AGAIN_MS = [1000, 2000, 4000, 8000];
const HEADERS = { "Content-Type": "application/json" };

// What the program refused, with its sentence.
export class Refusal extends Error {
  constructor(status, { reason = "", text = "" } = {}) {
    super(text);
    this.status = status;
    this.reason = reason;
  }
}

export class Wire {
  // onNews(answer) takes over what is new; onState(name) tells: loading, saving, saved, unsaved, no_answer.
  constructor(job, { onNews, onState }) {
    this.address = `/speech/${encodeURIComponent(job)}`;
    this.revision = null;
    this.waiting = 0;
    this.closed = false;
    this.onNews = onNews;
    this.onState = onState;
    this.tail = Promise.resolve();
    this.timer = 0;
  }

  // Load everything, then ask for news as long as lines may come.
  async begin() {
    this.onState("loading");
    await this.queue(() => this.look("no_answer"));
    this.onState("saved");
    this.poll();
  }

  // Send what `operation()` returns when its turn comes (nothing if that is null); resolves to the answer.
  edit(operation) {
    return this.queue(() => this.send(operation));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
  }

  queue(task) {
    this.waiting += 1;
    const done = this.tail.then(task).finally(() => { this.waiting -= 1; });
    this.tail = done.catch(() => {});
    return done;
  }

  async send(operation) {
    const wanted = operation();
    if (!wanted) return null;
    const slow = setTimeout(() => this.onState("saving"), 400);
    try {
      const answer = await this.insist("unsaved", () => this.post(wanted));
      this.take(answer);
      return answer;
    } catch (refusal) {
      if (refusal.reason === "editor.stale") return await this.afterOthers(wanted, refusal);
      throw refusal;
    } finally {
      clearTimeout(slow);
    }
  }

  // Somebody else changed something: look at it; what was typed is still right, anything else must be thought over.
  async afterOthers(wanted, refusal) {
    await this.look("unsaved");
    if (wanted.kind !== "text") throw refusal;
    const answer = await this.insist("unsaved", () => this.post(wanted));
    this.take(answer);
    return answer;
  }

  async look(trouble) {
    const since = this.revision === null ? "" : `?since=${this.revision}`;
    this.take(await this.insist(trouble, () => this.get(`${this.address}/transcript${since}`)));
  }

  take(answer) {
    this.revision = answer.revision;
    this.growing = answer.growing;
    this.onNews(answer);
    this.poll();
  }

  // Ask for news after a while, again and again while more may come; `wait` 0 asks now, whatever is the case.
  poll(wait = POLL_MS) {
    clearTimeout(this.timer);
    if (this.closed || this.gone || (wait && !this.growing)) return;
    this.timer = setTimeout(() => this.askForNews(), wait);
  }

  async askForNews() {
    if (document.hidden || this.waiting) return this.poll();
    try {
      await this.queue(() => this.look("no_answer"));
    } catch (refusal) {
      this.gone = refusal.status === 404;
      this.poll();
    }
  }

  // Try until the program answers; its refusals are answers too.
  async insist(trouble, ask) {
    for (let round = 0; ; round += 1) {
      try {
        const answer = await ask();
        if (round) this.onState("saved");
        return answer;
      } catch (error) {
        if (error instanceof Refusal && error.status < 500) throw error;
        if (this.closed) throw error;
        this.onState(trouble);
        await new Promise((go) => setTimeout(go, AGAIN_MS[Math.min(round, AGAIN_MS.length - 1)]));
      }
    }
  }

  get(address) {
    return answered(fetch(address, { cache: "no-store" }));
  }

  // `keepalive` lets a change that is on its way arrive even if the page is closed.
  post(operation) {
    const body = JSON.stringify({ revision: this.revision, operation });
    const keepalive = body.length < 60000;
    return answered(fetch(`${this.address}/edit`, { method: "POST", headers: HEADERS, body, keepalive }));
  }
}

async function answered(request) {
  const answer = await request;
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}
