/** Build elements without markup: whatever somebody wrote becomes text and nothing else. */

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  close: "M5 5l14 14M19 5L5 19",
  menu: "M4 7h16M4 12h16M4 17h16",
  send: "M4 12l16-8-5.5 16-3-6.500zM11.500 13.500L20 4",
  exit: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.8-3.600 3.800-5.500 7.500-5.500s6.700 1.900 7.500 5.500",
  phone: "M5 4h4l1.800 4.600-2.300 1.700a12 12 0 0 0 5.200 5.200l1.700-2.300L20 15v4a1.500 1.500 0 0 1-1.600 1.500C10.600 20 4 13.400 3.500 5.600A1.500 1.500 0 0 1 5 4z",
  warning: "M12 3.500L22 20.500H2zM12 10v5M12 17.500v.6",
  robot: "M5 8.500h14v10H5zM12 8.500V5M9.500 12.500v1.500M14.500 12.500v1.500M9 4.500h6",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.500M12 7.500v.6",
  down: "M12 5v14M6 13l6 6 6-6",
  outside: "M13 5h6v6M19 5l-8 8M10 6H5v13h13v-5",
  download: "M12 4v11M7 10.500l5 5 5-5M5 20h14",
  bin: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500",
  stop: "M6 6h12v12H6z",
};

/**
 * Return an element. Attributes with a null or false value are left out, true is set empty, a key that
 * starts with "on" is a listener. Children are elements or strings; null is left out.
 */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Return a drawing that says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false", fill: "none",
    stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Return text that only a screen reader gets. */
export function spoken(text) {
  return el("span", { class: "spoken" }, text);
}

/** Return paragraphs: blank lines part them, single line breaks are kept by the style. */
export function paragraphs(text) {
  return (text ?? "").trim().split(/\n[ \t]*\n+/).map((part) => el("p", {}, part));
}

/** Return an address that is safe to link to, or null. */
export function webAddress(value) {
  try {
    const url = new URL(value);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
