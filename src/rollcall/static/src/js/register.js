// Taking a register: by key or tap, saved as it goes, with others' marks arriving. Without this the page is a form.
//
// Marks are chosen (register-marks), sent (register-sending) and told of (register-told); what others do arrives
// (register-live, register-news); what is not saved yet is kept on the device (register-kept).

import { count, discardOld, keptBy, keyOf } from "./register-kept.js";
import { Keys } from "./register-keys.js";
import { Live } from "./register-live.js";
import { Marks } from "./register-marks.js";
import { News } from "./register-news.js";
import { Notices } from "./register-notices.js";
import { Row } from "./register-row.js";
import { newKey, post, Sending } from "./register-sending.js";
import { Told } from "./register-told.js";

class Register {
  constructor(form) {
    this.form = form;
    this.data = form.dataset;
    this.path = `${this.data.class}/${this.data.day}/${this.data.half}`;
    this.codes = JSON.parse(document.getElementById("codes").textContent);
    this.rows = [...form.querySelectorAll(".register__row")].map((element) => new Row(element, this.codes, Number(this.data.leastLetters)));
    this.byNumber = new Map(this.rows.map((row) => [row.number, row]));
    this.reasonField = document.getElementById("reason");
    this.notices = new Notices(document.getElementById("register-notices"), this.data.now);
    this.marks = new Marks(this);
    this.told = new Told(this);
    this.nGone = discardOld(this.data.user);
    this.sending = this.makeSending();
    this.marks.sending = this.told.sending = this.sending;
    this.news = new News(this);
    this.told.live = this.makeLive();
  }

  makeSending() {
    return new Sending({
      url: this.data.save,
      user: Number(this.data.user),
      store: keyOf(this.data.user, this.path),
      reason: () => this.reasonField?.value.trim() || "",
      tell: this.told,
    });
  }

  makeLive() {
    return new Live({
      url: this.data.liveFrom,
      user: this.data.user,
      tag: this.data.tag,
      news: (told) => this.news.arrive(told),
      lost: () => this.told.lost(),
      found: () => this.told.well(),
      signedOut: (isOther) => this.told.signedOut(isOther),
    });
  }

  start() {
    for (const row of this.rows) this.listen(row);
    this.listenToForm();
    this.tellOfKept();
    this.restore();
    this.marks.count();
    this.beginAtTheFirst();
    navigator.serviceWorker?.register(this.data.worker).catch(() => {});
  }

  listen(row) {
    for (const radio of row.radios) radio.addEventListener("change", () => this.marks.choose(row, radio.value));
    row.more?.addEventListener("change", () => row.more.value && this.marks.choose(row, row.more.value));
    row.minutesField?.addEventListener("change", () => this.marks.put(row));
    row.groundField?.addEventListener("change", () => this.marks.put(row));
  }

  listenToForm() {
    const dialog = document.getElementById("keys");
    const help = () => dialog.showModal();
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.submitter?.value === "rest") this.marks.markTheRest();
      else if (event.submitter?.value === "submit") this.submit(event.submitter);
    });
    this.reasonField?.addEventListener("change", () => this.sending.held.size && this.sending.retryHeld());
    document.getElementById("undo")?.addEventListener("click", () => this.marks.undo());
    document.getElementById("register-keys").addEventListener("click", help);
    new Keys({ form: this.form, rows: this.rows, codes: this.codes, marks: this.marks, help });
  }

  tellOfKept() {
    if (this.nGone) {
      this.notices.say("old", `${count(this.nGone)} typed more than a day ago could not be sent and went from this device.`);
    }
    for (const [other, n] of keptBy(this.data.user)) {
      const way = [location.pathname.replace(this.path, other), "Open it to send"];
      if (other !== this.path) this.notices.say("other", `${count(n)} of another register not sent yet.`, way);
    }
  }

  // What an earlier page kept of this register is shown again, and sent.
  restore() {
    for (const mark of this.sending.restore()) {
      const row = this.byNumber.get(mark.enrolment);
      row?.show(mark.code, mark.minutes, mark.ground);
    }
  }

  beginAtTheFirst() {
    const open = this.rows.filter((row) => !row.isLocked);
    const first = open.find((row) => !row.isMarked) || open[0];
    const isDue = this.data.mode === "take" || (this.data.mode === "ask" && this.data.in === "no" && this.data.past === "no");
    if (first && isDue && document.activeElement === document.body) first.focus();
  }

  async submit(button) {
    button.disabled = true;
    await this.sending.settled();
    button.disabled = false;
    const why = this.whyNotYet() || (await this.handIn());
    if (why) this.notices.bring("submit", `Not submitted. ${why}`);
  }

  whyNotYet() {
    const lacks = this.rows.some((row) => !row.isLocked && row.lacksGround && row.code !== row.seen);
    if (lacks) return "A mark waits for its ground: say it on the pupil's line.";
    if (this.sending.held.size) return "A mark was not saved: see the line in red.";
    return this.sending.isIdle ? "" : "Marks are not saved yet: submit again when the connection is back.";
  }

  async handIn() {
    const paper = document.getElementById("taken-at")?.value || "";
    const answer = await post(this.data.submit, { key: newKey(), user: Number(this.data.user), taken_at: paper });
    if (answer.status === 200) return location.reload();
    if (answer.status === 401) return this.told.signedOut(Boolean(answer.told?.other));
    return answer.told?.error || "There is no connection.";
  }
}

const form = document.getElementById("register");
if (form) new Register(form).start();
