// Looks at the page as somebody with a small phone and a large finger does. Gives what is wrong with it, and its links.
const wrong = [];
const told = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && !element.closest(".vh, .skip") && getComputedStyle(element).visibility === "visible";
};
const all = (selector) => [...document.querySelectorAll(selector)];

const wide = document.documentElement.scrollWidth;
if (wide > innerWidth) wrong.push(`scrolls sideways, ${wide} of ${innerWidth} pixels`);
if (all("h1").length !== 1) wrong.push("not one h1");
if (!document.documentElement.lang) wrong.push("no language");
if (/^\s*(·|$)/.test(document.title)) wrong.push("no title");
if (all("main").length !== 1 || !document.querySelector(".skip[href='#main']")) wrong.push("no main part to skip to");

const ids = all("[id]").map(({ id }) => id);
for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`two elements are called ${id}`);
for (const image of document.images) {
  if (!image.hasAttribute("alt")) wrong.push(`a picture without words: ${told(image)}`);
  if (!image.getAttribute("width") || !image.getAttribute("height")) wrong.push(`a picture without a size: ${told(image)}`);
}

for (const control of all("a[href], button, summary, input:not([type=hidden]), select, textarea")) {
  if (!seen(control)) continue;
  const labels = [...(control.labels ?? [])].map((label) => label.textContent);
  const inside = control.matches("a, button, summary") ? control.textContent : "";
  const pictures = [...control.querySelectorAll("img")].map((image) => image.alt);
  const name = [control.getAttribute("aria-label"), inside, ...labels, ...pictures].join("").trim();
  if (!name) wrong.push(`a control without a name: ${told(control)}`);

  // A tick is as large as its words. A link within a sentence is as high as its line.
  const target = control.matches("[type=checkbox], [type=radio]") ? (control.labels[0] ?? control) : control;
  const box = target.getBoundingClientRect();
  const within = control.matches("a") && getComputedStyle(control).display === "inline";
  const alone = control.parentElement.textContent.trim() === control.textContent.trim();
  const whole = getComputedStyle(control, "::after").position === "absolute";
  if (within && (!alone || whole)) continue;
  if (box.height < 43.5 || box.width < 24) wrong.push(`${Math.round(box.width)} × ${Math.round(box.height)}, too small to tap: ${told(control)}`);
}

const links = all("a[href]").filter((link) => link.origin === location.origin);
return { wrong, links: links.map((link) => link.pathname + link.search) };
