// Brings in what others have marked, every few seconds, without touching what is being typed here.

const EVERY = 2500;
const SLOWEST = 15000;

export class Live {
  constructor({ url, user, tag, news, lost, found, signedOut }) {
    Object.assign(this, { url, user, news, lost, found, signedOut });
    this.tag = `"${tag}"`;
    this.failures = 0;
    this.timer = 0;
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(this.timer) : this.ask()));
    window.addEventListener("online", () => this.ask());
    this.again();
  }

  again() {
    clearTimeout(this.timer);
    if (this.stopped || document.hidden) return;
    this.timer = setTimeout(() => this.ask(), Math.min(EVERY * 2 ** this.failures, SLOWEST));
  }

  async ask() {
    if (this.stopped || this.asking) return;
    this.asking = true;
    try {
      await this.look();
    } catch {
      this.failures = Math.min(this.failures + 1, 2);
      this.lost();
    }
    this.asking = false;
    this.again();
  }

  async look() {
    const headers = { Accept: "application/json", "If-None-Match": this.tag, "X-User": this.user };
    const signal = AbortSignal.timeout(10000);
    const answer = await fetch(this.url, { headers, signal, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 401) {
      this.stopped = true;
      const told = await answer.json().catch(() => ({}));
      return this.signedOut(Boolean(told.other));
    }
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    this.failures = 0;
    this.found();
    if (answer.status === 304) return undefined;
    this.news(await answer.json());
    this.tag = answer.headers.get("ETag");
    return undefined;
  }
}
