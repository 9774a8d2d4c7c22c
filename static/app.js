// Saves a step of what already works without it: "/" goes to the search field, "?" to the list of keys, a form is sent
// once; a sum follows what is typed; a photo is shrunk before it is sent, a page is passed on; pages seen last can be read without a line.
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

addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
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
}

const version = document.currentScript.src.split("/static/")[1]?.split("/")[0];
if (navigator.serviceWorker && version) {
  addEventListener("load", async () => {
    await navigator.serviceWorker.register(`/sw.js?v=${version}`);
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage(document.documentElement.lang);
  });
}

if (location.pathname !== "/offline" && !navigator.onLine) say(body.dataset.offline, "wait");
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
