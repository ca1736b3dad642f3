// Small helpers. Everything people wrote goes in as text, never as markup.

export const $ = (id) => document.getElementById(id);

export function element(tag, { text, className, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter(Boolean));
  return made;
}

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

export function ago(iso, texts) {
  const minutes = Math.floor((Date.now() - new Date(iso)) / 60000);
  if (minutes < 1) return texts.just_now;
  return minutes < 60 ? fill(texts.minutes, { n: minutes }) : fill(texts.hours, { n: Math.floor(minutes / 60) });
}

export const clock = (iso) => new Date(iso).toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" });

export const moment = (iso) =>
  new Date(iso).toLocaleString("nb-NO", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

// Seconds in words: short while they are few, then minutes and hours.
export function lasting(seconds, texts) {
  if (seconds < 100) return fill(texts.seconds, { n: Math.round(seconds) });
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? fill(texts.minutes, { n: minutes }) : fill(texts.hours, { n: Math.round(minutes / 60) });
}

export function ask(text, yes) {
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = yes;
  return confirmed($("confirm"));
}

// Shows a dialog; true when it was ended with its yes, false with no or Escape.
export function confirmed(dialog) {
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
