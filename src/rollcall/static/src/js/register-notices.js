// The lines in red above a register, each by its name, and the time as the page's clock has it.

export class Notices {
  constructor(place, now) {
    this.place = place;
    this.ahead = Date.parse(now) - Date.now(); // the page's clock may be a demo's
  }

  now() {
    return new Date(Date.now() + this.ahead);
  }

  clock(time = this.now()) {
    const how = { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" };
    return time.toLocaleTimeString("en-GB", how).replace(":", ".").replace(" ", "");
  }

  // Show a line, with a link after it where there is one: [address, words].
  say(id, text, link = null) {
    const line = document.getElementById(`notice-${id}`) || this.add(id);
    line.textContent = text;
    if (!link) return;
    const way = document.createElement("a");
    [way.href, way.textContent, way.className] = [link[0], link[1], "govuk-link"];
    line.append(" ", way);
  }

  // Show a line that answers a press, which may have been made far below it.
  bring(id, text) {
    this.say(id, text);
    document.getElementById(`notice-${id}`).scrollIntoView({ block: "center" });
  }

  add(id) {
    const line = document.createElement("p");
    [line.id, line.className] = [`notice-${id}`, "offline"];
    this.place.append(line);
    return line;
  }

  clear(...ids) {
    for (const id of ids) document.getElementById(`notice-${id}`)?.remove();
  }
}
