// Saves a step of what already works without it: "/" goes to the search field, "?" to the list of keys, a form is
// sent once.
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
  const button = event.submitter;
  if (!button || !document.body.dataset.busy) return;
  // After the browser has read the form: a disabled button sends no value.
  setTimeout(() => {
    button.dataset.words = button.textContent;
    button.disabled = true;
    if (!button.querySelector("svg")) button.textContent = document.body.dataset.busy;
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
