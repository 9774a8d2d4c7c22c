// Saves a step of what already works without it: "/" goes to the search field, "?" to the list of keys, a form is sent
// once; a photo is shrunk before it is sent, a page is passed on; pages seen last can be read without a line, and a new
// item typed without one is sent when it is back.
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

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  // What this phone keeps of one person is not for the next.
  if (event.target.getAttribute("action") === "/logout") localStorage.clear();
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
function say(words, kind = "info", href = "") {
  const note = document.createElement(href ? "a" : "div");
  note.className = `note note--${kind}`;
  note.setAttribute("role", "status");
  if (href) note.href = href;
  note.textContent = words;
  document.querySelector("main").prepend(note);
  return note;
}

const { origin, pathname } = location;
const version = document.currentScript.src.split("/static/")[1]?.split("/")[0];
if (navigator.serviceWorker && version) {
  addEventListener("load", async () => {
    await navigator.serviceWorker.register(`/sw.js?v=${version}`);
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage(document.documentElement.lang);
  });
}

if (pathname !== "/offline" && !navigator.onLine) say(body.dataset.offline, "wait");
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

// A form with data-draft keeps what is typed on this phone until it is sent; without a line it waits in a queue. The
// one-time key in the form makes sure that an item sent twice is one.
const QUEUE = "waiting";
const read = (key, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
};
const write = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or closed store: the form works all the same.
  }
};
const fields = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
const acting = document.querySelector("[name=acting_organisation]")?.value;
const draft = document.querySelector("form[data-draft]");

if (draft) {
  const key = `draft:${acting}:${draft.getAttribute("action")}`;
  const typed = () => [...draft.elements].filter((at) => at.name && !["hidden", "submit", "file"].includes(at.type));
  const isBlank = typed().every((at) => at.type === "checkbox" || at.type === "radio" || !at.value || at.tagName === "SELECT");
  const old = read(key);
  if (old && isBlank) {
    for (const [name, value] of old) {
      const at = draft.elements.namedItem(name);
      if (at instanceof Element && !["hidden", "submit", "file", "checkbox"].includes(at.type)) at.value = value;
      if (name === draft.dataset.draft && at) at.value = value;
    }
    say(draft.dataset.restored, "info");
  }
  let timer;
  draft.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => write(key, fields(draft)), 300);
  });
  draft.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (navigator.onLine) return write(`sent:${key}`, true);
    event.preventDefault();
    const all = fields(draft).filter(([name]) => name !== event.submitter?.name);
    if (event.submitter?.name) all.push([event.submitter.name, event.submitter.value]);
    write(QUEUE, [...read(QUEUE, []), { acting, action: draft.getAttribute("action"), fields: all, words: draft.dataset.waiting }]);
    write(key, null);
    location.assign("/products");
  });
}

// A draft that was sent goes once a page without mistakes came back.
if (!document.querySelector("[aria-invalid]")) {
  for (const sent of Object.keys(localStorage).filter((key) => key.startsWith("sent:"))) {
    if (!sent.endsWith(`:${pathname}`)) write(sent.slice(5), null);
    write(sent, null);
  }
}

async function sendWaiting() {
  const mine = (one) => one.acting === acting;
  for (const one of read(QUEUE, []).filter(mine)) {
    if (!navigator.onLine) break;
    const drop = () => write(QUEUE, read(QUEUE, []).filter((other) => JSON.stringify(other) !== JSON.stringify(one)));
    const form = new DOMParser().parseFromString(await (await fetch(one.action)).text(), "text/html");
    const token = form.querySelector(`form[action="${one.action}"] [name=csrf_token]`)?.value;
    if (!token) break;
    const answer = await fetch(one.action, { method: "POST", body: new URLSearchParams([...one.fields, ["csrf_token", token]]) });
    if (answer.redirected && answer.url.startsWith(origin)) {
      drop();
      location.assign(answer.url);
    } else if (answer.status === 422) {
      // Something in it is wrong: back into the form, where it can be mended.
      write(`draft:${acting}:${one.action}`, one.fields);
      drop();
      location.assign(one.action);
    } else break;
  }
  document.querySelector("[data-unsent]")?.remove();
  const waiting = read(QUEUE, []).filter(mine);
  if (waiting.length) say(waiting[0].words.replace("0", waiting.length), "wait").dataset.unsent = "";
}
if (acting && read(QUEUE, []).length) {
  sendWaiting().catch(() => {});
  addEventListener("online", () => sendWaiting().catch(() => {}));
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

if (navigator.share) {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.parentElement.hidden = false;
    // Closing the list of apps is no error.
    button.onclick = () => navigator.share({ title: document.title, url: button.dataset.share }).catch(() => {});
  }
}
