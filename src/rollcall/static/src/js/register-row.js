// One pupil's line: what its buttons show, its mark, its state, and the place for a sentence.

export class Row {
  // codes: what is known of each, as the page's script block has it. leastLetters: of a ground that says something.
  constructor(element, codes, leastLetters) {
    Object.assign(this, { element, codes, leastLetters });
    this.number = Number(element.dataset.enrolment);
    this.name = element.querySelector(".register__name").textContent;
    this.isLocked = element.dataset.locked === "yes";
    this.face = element.querySelector(".register__mark");
    this.state = element.querySelector(".register__state");
    this.radios = [...element.querySelectorAll("input[type=radio]")];
    this.more = element.querySelector("select");
    this.minutesField = element.querySelector(`[name="minutes-${this.number}"]`);
    this.groundField = element.querySelector(`[name="ground-${this.number}"]`);
    this.seen = element.dataset.seen;
    this.seenMinutes = element.dataset.minutes ? Number(element.dataset.minutes) : null;
    this.seenGround = element.dataset.ground;
    this.code = this.seen;
  }

  get minutes() {
    const typed = this.minutesField?.value.trim() || "";
    return /^\d{1,3}$/.test(typed) ? Number(typed) : null;
  }

  get ground() {
    return this.groundField?.value.trim() || "";
  }

  get expected() {
    return this.element.dataset.expected;
  }

  get expectedGround() {
    return this.element.dataset.expectedGround || "";
  }

  get isMarked() {
    return this.code !== "-";
  }

  // What is kept beside a mark: "minutes", "ground" or nothing.
  goesWith(code) {
    return this.codes[code]?.with || "";
  }

  // Why whoever is here may not give a code, in a sentence; nothing where they may.
  whyNot(code) {
    return this.codes[code]?.ask || "";
  }

  get isLate() {
    return this.goesWith(this.code) === "minutes";
  }

  get needsGround() {
    return this.goesWith(this.code) === "ground";
  }

  get lacksGround() {
    return this.needsGround && (this.ground.match(/\p{L}/gu) || []).length < this.leastLetters;
  }

  mark() {
    return {
      enrolment: this.number,
      code: this.code,
      minutes: this.isLate ? this.minutes : null,
      ground: this.needsGround ? this.ground : "",
      seen: this.seen,
    };
  }

  // Show a mark on the line: face, buttons, minutes, ground; without a ground the one that was typed stays.
  show(code, minutes = null, ground = null) {
    this.code = code;
    if (this.groundField && ground !== null) this.groundField.value = ground;
    const known = this.codes[code];
    if (known) this.face.innerHTML = known.face;
    for (const radio of this.radios) radio.checked = radio.value === code;
    if (this.more) this.showMore(code);
    if (this.minutesField) this.minutesField.value = this.isLate && minutes !== null ? minutes : "";
    this.element.querySelector(".register__late")?.classList.toggle("is-on", this.isLate);
    this.element.querySelector(".register__ground")?.classList.toggle("is-on", this.needsGround);
    this.showExpected();
  }

  showExpected() {
    this.element.classList.toggle("register__row--expected", !this.isMarked && !!this.expected);
  }

  // What is expected, asked for and so on, unless somebody's keyboard is in it.
  note(html) {
    const place = this.element.querySelector(".register__note");
    if (!place.contains(document.activeElement) && place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
  }

  showMore(code) {
    const usual = this.radios.some((radio) => radio.value === code);
    this.more.value = usual || code === "-" ? "" : code;
  }

  say(text, kind = "") {
    this.state.replaceChildren();
    this.element.classList.toggle("register__row--unsaved", kind === "problem");
    if (!text) return;
    const words = document.createElement("span");
    words.className = kind ? `register__${kind}` : "";
    words.textContent = text;
    this.state.append(words);
  }

  offer(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = label;
    button.addEventListener("click", act);
    this.state.append(" ", button);
  }

  focus() {
    const target = this.radios.find((radio) => radio.checked) || this.radios[0];
    (target || this.element).focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  get isBeingTyped() {
    const active = document.activeElement;
    return this.element.contains(active) && (active === this.minutesField || active === this.groundField);
  }
}
