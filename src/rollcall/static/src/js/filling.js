// A link with data-fills="part" fetches the page that it leads to once this one stands, and puts the part of that id in
// the place of the one here; without scripts, or a connection, it is a link.

export function fillParts(root) {
  for (const link of root.querySelectorAll("a[data-fills]")) fill(link);
}

async function fill(link) {
  try {
    const answer = await fetch(link.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(link.dataset.fills);
    const here = document.getElementById(link.dataset.fills);
    if (!answer.ok || !fresh || !here) return;
    here.innerHTML = fresh.innerHTML;
    link.hidden = true;
  } catch {
    // The link stays.
  }
}
