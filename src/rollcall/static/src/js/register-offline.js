// The shell that a register shows when it is loaded without a connection: how many marks wait here, and trying again.

import { count, nKeptFor } from "./register-kept.js";

const path = location.pathname.replace(/^.*\/registers\//, "").replace(/\/$/, "");
const n = nKeptFor(path);
const line = document.getElementById("kept");
document.getElementById("again").href = location.href;
if (n) line.textContent = `No connection. ${count(n)} typed for this register ${n === 1 ? "is" : "are"} kept on this device and will be sent.`;

async function look() {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store", credentials: "same-origin", redirect: "manual" });
    location.reload();
  } catch {
    setTimeout(look, 3000);
  }
}
setTimeout(look, 3000);
