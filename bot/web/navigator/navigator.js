/* The chat opens the page with the answers after #, which no browser sends: put them in the form and show the list. */

const form = document.querySelector("form[data-answers]");
const told = new URLSearchParams(location.hash.slice(1));

if (form && told.size) {
  history.replaceState(null, "", location.pathname + location.search);
  let filled = false;
  for (const [name, value] of told) {
    const field = form.elements.namedItem(name);
    if (!field) continue;
    field.value = value;
    filled ||= name !== "m" && field.value === value;
  }
  if (filled) form.requestSubmit();
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
