// Saves a step of what already works without it: "/" goes to the search field, "?" to the list of keys, a form is sent
// once; a sum follows what is typed; a photo is shrunk before it is sent, a page is passed on; pages seen last can be read
// without a line, and a product typed without one is sent when it is back; a column of prices is typed as in a spreadsheet.
const body = document.body;

addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Escape" && at instanceof HTMLInputElement && at.type === "search") at.blur();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (at instanceof HTMLElement && at.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "?") location.assign("/how-it-works#keys");
  if (event.key !== "/") return;
  const search = document.querySelector('input[type="search"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

// The sum follows the quantity that is typed. The page is asked for it: prices are worked out in one place.
let asked = 0;
addEventListener("input", ({ target: field }) => {
  const page = field.form?.dataset.live;
  if (!page) return;
  const mine = ++asked;
  setTimeout(async () => {
    if (mine !== asked) return;
    const answer = await fetch(`${page}?units=${encodeURIComponent(field.value)}`).catch(() => null);
    const text = answer?.ok && (await answer.text());
    if (!text || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(text, "text/html");
    for (const part of document.querySelectorAll("[data-part]")) {
      const its = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
      if (its) part.replaceChildren(...its.childNodes);
    }
  }, 300);
});

// What is typed of a new product stays on this phone until it is sent, its photo too. Each has a key that is made here:
// sent twice, it is one product. What belongs to another organisation is left alone.
const later = document.querySelector("form[data-later]");
const owner = document.querySelector("[name=acting_organisation]")?.value;
const stored = (mode, work) =>
  new Promise((done, fail) => {
    const open = indexedDB.open("lumbung");
    open.onupgradeneeded = () => open.result.createObjectStore("products", { keyPath: "key" });
    open.onerror = fail;
    open.onsuccess = () => {
      const deed = open.result.transaction("products", mode);
      const asked = work(deed.objectStore("products"));
      const end = (then) => () => {
        open.result.close();
        then(asked.result);
      };
      deed.oncomplete = end(done);
      deed.onabort = end(fail);
    };
  });
const put = (one) => stored("readwrite", (all) => all.put({ ...one, owner }));
const drop = (key) => stored("readwrite", (all) => all.delete(key));
const mine = async () => (await stored("readonly", (all) => all.getAll())).filter((one) => one.owner === owner);
const fields = (form, button) => [...new FormData(form, button)].filter(([name]) => !["csrf_token", "key"].includes(name));
const action = (form) => form.getAttribute("action");

// A line may be up and dead: what doesn't answer is not there.
const timely = (ms) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), ms);
  return { cache: "no-store", signal: stop.signal };
};
const isThere = () => navigator.onLine && fetch("/healthz", timely(8000)).then(({ ok }) => ok, () => false);
let isSure, isAsking;

addEventListener("submit", async (event) => {
  const form = event.target;
  if (form !== later) return;
  if (isSure || (navigator.onLine && !form.requestSubmit)) return (sessionStorage.sent = action(form));
  event.preventDefault();
  if (isAsking) return;
  isAsking = true;
  isSure = await isThere();
  isAsking = false;
  if (isSure) {
    form.requestSubmit(event.submitter);
    isSure = false;
    return;
  }
  if (!form.elements.name.value.trim()) return form.elements.name.focus();
  if (event.submitter?.value === "permit") return;
  await put({ key: crypto.randomUUID(), action: action(form), fields: fields(form, event.submitter) });
  await drop(`typed ${action(form)}`);
  form.reset();
  await mark();
  scrollTo(0, 0);
});

later?.addEventListener("change", () => {
  const typed = fields(later).filter(([, value]) => typeof value === "string");
  put({ key: `typed ${action(later)}`, fields: typed });
});

// Back into the form: what was typed last and not sent, or what the server could not take.
function refill(typed) {
  for (const [name, value] of typed) {
    const field = later.elements.namedItem(name);
    if (field instanceof Element && !["hidden", "file"].includes(field.type)) field.value = value;
  }
  later.querySelector("details").open = true;
  say(later.dataset.later, "info");
}

let unsent = 0;
async function mark() {
  const waiting = (await mine()).filter((one) => one.action);
  unsent = waiting.length;
  document.querySelector("#unsent")?.remove();
  if (!unsent) return;
  const link = document.createElement("a");
  link.href = waiting[0].action;
  link.textContent = `${body.dataset.unsent} (${unsent})`;
  const note = say("", "wait");
  note.id = "unsent";
  note.append(link);
}

async function sendLater() {
  let sent = 0;
  for (const one of await mine()) {
    if (!one.action || one.wrong) continue;
    const page = new DOMParser().parseFromString(await (await fetch(one.action, timely(30000))).text(), "text/html");
    const value = (name) => page.querySelector(`form[data-later] [name=${name}]`)?.value;
    if (value("acting_organisation") !== owner) break;
    const data = new FormData();
    for (const [name, typed] of one.fields) data.append(name, typed);
    data.set("key", one.key);
    data.set("csrf_token", value("csrf_token"));
    const answer = await fetch(one.action, { ...timely(60000), method: "POST", body: data });
    if (answer.redirected && answer.ok) {
      await drop(one.key);
      sent += 1;
    } else if (answer.status < 500 && answer.status !== 429) await put({ ...one, wrong: true });
  }
  await mark();
  if (sent) say(`${body.dataset.sent} (${sent})`, "ok");
}

async function catchUp() {
  // It was sent, and led to another page.
  if (!later && sessionStorage.sent) {
    await drop(`typed ${sessionStorage.sent}`);
    delete sessionStorage.sent;
  }
  for (const one of await mine()) {
    const isHere = later && !later.elements.name.value && (one.action || one.key.slice(6)) === action(later);
    if (!isHere || (one.action && !one.wrong)) continue;
    refill(one.fields);
    if (one.wrong) await drop(one.key);
  }
  await sendLater();
}

if (owner && body.dataset.unsent) {
  const quietly = (work) => work().catch(() => {});
  let sending;
  const send = (work) => (sending ??= quietly(work).then(() => (sending = null)));
  addEventListener("load", () => send(catchUp));
  addEventListener("online", () => send(sendLater));
  setInterval(() => unsent && send(sendLater), 30000);
  // The form has to be here before the line is gone. Not on the very first page, which has enough to load.
  const form = "/products/new";
  if (navigator.serviceWorker?.controller && document.querySelector(`a[href="${form}"]`)) {
    quietly(async () => (await caches.match(form)) || (await caches.open("seen")).add(form));
  }
}

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  // What this phone keeps of one person is not for the next, nor gone without a word.
  if (action(event.target) === "/logout") {
    if (unsent && !confirm(`${body.dataset.unsent} (${unsent}). ${body.dataset.leave}`)) return event.preventDefault();
    indexedDB.deleteDatabase("lumbung");
  }
  const button = event.submitter;
  if (!button || !body.dataset.busy) return;
  // After the browser has read the form: a disabled button sends no value.
  setTimeout(() => {
    button.dataset.words = button.textContent;
    button.disabled = true;
    if (!button.querySelector("svg")) button.textContent = body.dataset.busy;
  });
});

// Back brings the page as it was left: its buttons work again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    if (!button.querySelector("svg")) button.textContent = button.dataset.words;
    delete button.dataset.words;
  }
});

// A message on top of the page, in words that the page brought.
function say(words, kind) {
  const note = document.createElement("div");
  note.className = `note note--${kind}`;
  note.setAttribute("role", "status");
  note.textContent = words;
  document.querySelector("main").prepend(note);
  return note;
}

const version = document.currentScript.src.split("/static/")[1]?.split("/")[0];
if (navigator.serviceWorker && version) {
  addEventListener("load", async () => {
    await navigator.serviceWorker.register(`/sw.js?v=${version}`);
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage(document.documentElement.lang);
  });
}

if ("old" in body.dataset || (location.pathname !== "/offline" && !navigator.onLine)) say(body.dataset.offline, "wait");
const kept = document.querySelector("[data-kept]");
if (kept) {
  caches.open("seen").then(async (seen) => {
    for (const { url } of (await seen.keys()).reverse()) {
      const title = (await (await seen.match(url)).text()).match(/<title>(.*?) · Lumbung/)?.[1];
      if (!title) continue;
      const link = document.createElement("a");
      link.href = url;
      link.textContent = new DOMParser().parseFromString(title, "text/html").body.textContent;
      kept.querySelector("ul").append(document.createElement("li"));
      kept.querySelector("li:last-child").append(link);
      kept.hidden = false;
    }
  });
}

// A column of prices or stock: arrows and Enter change the row, Ctrl+D repeats what is above, copied cells fall down it.
document.querySelector("[data-keys]")?.removeAttribute("hidden");
for (const cell of document.querySelectorAll("[data-grid]")) {
  const cells = [...document.querySelectorAll(`[data-grid][name="${cell.name}"]`)];
  const at = cells.indexOf(cell);
  cell.onkeydown = (event) => {
    const to = cells[at + ({ ArrowUp: -1, ArrowDown: 1, Enter: 1 }[event.key] ?? NaN)];
    const repeats = event.key === "d" && (event.ctrlKey || event.metaKey) && at > 0;
    if (repeats) cell.value = cells[at - 1].value;
    if (to || repeats || event.key === "Enter") event.preventDefault();
    to?.focus();
    to?.select();
  };
  cell.onpaste = (event) => {
    const lines = event.clipboardData.getData("text").trimEnd().split(/\r?\n/);
    if (lines.length < 2) return;
    event.preventDefault();
    for (const [n, line] of lines.entries()) {
      if (cells[at + n]) cells[at + n].value = line.split("\t").pop().trim();
    }
  };
}

// A photo as the camera made it takes half an hour on a slow line, 300 kB a minute. What can't be shrunk here goes as it is.
const shrunk = async (file) => {
  const most = 300_000;
  if (file.size <= most) return file;
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 1280 / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  let best = file;
  for (const quality of [0.85, 0.7, 0.55, 0.4, 0.3]) {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size < best.size) best = blob;
    if (best.size <= most) break;
  }
  return best === file ? file : new File([best], "foto.jpg", { type: "image/jpeg" });
};

addEventListener("change", async (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !("shrink" in field.dataset) || !field.files.length) return;
  const buttons = [...field.form.querySelectorAll("button:not([type])")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  try {
    const box = new DataTransfer();
    for (const file of field.files) box.items.add(await shrunk(file));
    field.files = box.files;
  } catch {
    // The server takes it, or says why not.
  }
  for (const button of buttons) button.disabled = false;
});

for (const image of document.querySelectorAll("img[data-colour]")) {
  if (!image.complete) image.style.background = image.dataset.colour;
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.parentElement.hidden = false;
  button.onclick = () => print();
}

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.parentElement.hidden = false;
    // Closing the list of apps is no error.
    button.onclick = () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
  }
}
