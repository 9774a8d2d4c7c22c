// Keeps the shell, and the pages last seen, for when the line is gone. Registered as /sw.js?v=HASH, so that new files
// bring a new worker. What is kept of private pages goes when somebody signs out or in.
const version = new URL(location).searchParams.get("v");
const SHELL = `shell-${version}`;
const SEEN = "seen";
const SEEN_MAX = 30;
// What is worth having without a line: one's own work, and the form of a new product, which app.js sends later.
const KEPT = /^\/(home|orders|shares|products|supplies|notices|help)(\/[0-9a-f-]{36})?$|^\/products\/new$/;
const file = (name) => `/static/${version}/${name}`;

// Fetched as nobody, so that the page shows no name; in the language that was spoken last.
async function keepOffline(lang) {
  const cache = await caches.open(SHELL);
  const old = await cache.match("/offline");
  if (old && (!lang || old.headers.get("content-language") === lang)) return;
  const headers = lang ? { "accept-language": lang } : {};
  const answer = await fetch("/offline", { credentials: "omit", headers });
  if (answer.ok) await cache.put("/offline", answer);
}

addEventListener("install", (event) => {
  const shell = ["app.css", "app.js", "icons.svg", "not-found.svg"].map(file);
  const add = async () => (await caches.open(SHELL)).addAll(shell);
  event.waitUntil(Promise.all([add(), keepOffline()]).then(() => skipWaiting()));
});

// Each page says its language once it is drawn.
addEventListener("message", (event) => event.waitUntil(keepOffline(event.data)));

addEventListener("activate", (event) => {
  const drop = (names) => Promise.all(names.filter((name) => name !== SHELL && name !== SEEN).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(drop).then(() => clients.claim()));
});

async function fromShell(request) {
  const hit = await caches.match(request);
  if (hit) return hit;
  const answer = await fetch(request);
  if (answer.ok) (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

async function keep(request, answer) {
  const seen = await caches.open(SEEN);
  await seen.delete(request);
  await seen.put(request, answer);
  const all = await seen.keys();
  for (const old of all.slice(0, Math.max(0, all.length - SEEN_MAX))) await seen.delete(old);
}

// A line may be up and dead: who doesn't answer in time is not there.
const within = (ms, work) => Promise.race([work, new Promise((_, fail) => setTimeout(fail, ms))]);

async function page(event) {
  const { request } = event;
  const asked = fetch(request);
  asked.catch(() => 0);
  const old = await caches.match(request, { cacheName: SEEN });
  try {
    const answer = await within(old ? 10_000 : 30_000, asked);
    const { pathname, search } = new URL(request.url);
    if (answer.redirected && new URL(answer.url).pathname === "/login") event.waitUntil(caches.delete(SEEN));
    else if (answer.ok && !answer.redirected && !search && KEPT.test(pathname)) event.waitUntil(keep(request, answer.clone()));
    return answer;
  } catch {
    // The page says that it is from before.
    if (old) return new Response((await old.text()).replace("<body", "<body data-old"), old);
    return (await caches.match("/offline")) || Response.error();
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method !== "GET") {
    if (pathname === "/logout") indexedDB.deleteDatabase("lumbung");
    if (pathname === "/logout" || pathname === "/login" || pathname === "/organisation") event.waitUntil(caches.delete(SEEN));
    return;
  }
  if (pathname.startsWith(`/static/${version}/`)) event.respondWith(fromShell(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});
