// Shows a plain page instead of the browser's own when a register is loaded without a connection.
// Of registers it keeps nothing: only this shell, which names nobody.
const STORE = "registers-shell-1";
const SHELL = "{{ shell|escapejs }}";
const KEPT = [{% for address in kept %}"{{ address|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  const path = new URL(event.request.url).pathname;
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(SHELL)));
  else if (KEPT.includes(path)) event.respondWith(fetch(event.request).catch(() => caches.match(path)));
});

async function keep() {
  const store = await caches.open(STORE);
  // Without cookies, so that the shell is nobody's page.
  for (const address of [SHELL, ...KEPT]) {
    const answer = await fetch(address, { credentials: "omit", cache: "reload" });
    if (answer.ok) await store.put(address, answer);
  }
  await self.skipWaiting();
}
