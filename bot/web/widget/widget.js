/*
 * The chat for relatives, in one tag:
 *
 *   <script src="https://chat.example.no/widget/widget.js" async></script>
 *
 * Optional attributes: data-lang="nn" (else the page's lang), data-exit-url (where quick exit goes),
 * data-privacy-url, data-keep="device" (remember the conversation when the tab is closed).
 * Any element with data-hjelpelinje-open on the page opens the chat too.
 *
 * This file only draws the button. It stores nothing and connects to nothing: the rest is loaded when the
 * relative opens the chat. When that fails, it shows the emergency numbers below by itself.
 */
(() => {
  "use strict";

  const script = document.currentScript ?? document.querySelector('script[src*="/widget/widget.js"]');
  if (!script || document.querySelector("hjelpelinje-chat")) return;

  const PATIENCE_MS = 8000;
  const RETRY_MS = 10000;
  const NEUTRAL_PAGE = "https://www.yr.no";

  // For a total outage only, when texts.json cannot be read. A test keeps this equal to texts.json.
  const BUILT_IN = {
    contacts: [
      { dial: "113", display: "113", name: { nb: "Medisinsk nødtelefon", nn: "Medisinsk naudtelefon" } },
      { dial: "112", display: "112", name: { nb: "Politiet", nn: "Politiet" } },
      { dial: "116117", display: "116 117", name: { nb: "Legevakt", nn: "Legevakt" } },
      {
        dial: "116123",
        display: "116 123",
        name: { nb: "Hjelpetelefonen, Mental Helse", nn: "Hjelpetelefonen, Mental Helse" },
      },
    ],
    nb: {
      title: "Chat for pårørende",
      open: "Åpne chat for pårørende",
      close: "Lukk chatten",
      exit: "Forlat siden raskt",
      outage_title: "Trenger du hjelp med en gang?",
      outage_text: "Chatten får ikke kontakt. Her er noen du kan ringe:",
      call: "Ring {number}",
    },
    nn: {
      title: "Chat for pårørande",
      open: "Opne chat for pårørande",
      close: "Lukk chatten",
      exit: "Forlat sida raskt",
      outage_title: "Treng du hjelp med ein gong?",
      outage_text: "Chatten får ikkje kontakt. Her er nokon du kan ringje:",
      call: "Ring {number}",
    },
  };

  const CSS = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .root {
      all: initial; display: block; color-scheme: light dark;
      font: 400 1em/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      --brand: #0d4f59; --brand-deep: #093b43; --on-brand: #fff; --paper: #fff; --ink: #1b2a2e; --line: #c9d3d3;
      --danger: #a5231a; --focus: #0b57d0;
    }
    @media (prefers-color-scheme: dark) {
      .root { --brand: #7fd0d6; --brand-deep: #a3e0e4; --on-brand: #06282d; --paper: #14211f; --ink: #e9f1ef;
        --line: #47595a; --danger: #ffb4a9; --focus: #a8c7fa; }
    }
    .launcher {
      position: fixed; right: max(20px, env(safe-area-inset-right)); bottom: max(20px, env(safe-area-inset-bottom));
      z-index: 2147483000; width: 64px; height: 64px; border-radius: 50%; border: 2px solid transparent;
      padding: 0; display: grid; place-items: center; cursor: pointer;
      background: var(--brand); color: var(--on-brand); font: inherit;
      box-shadow: 0 2px 6px rgb(6 32 36 / .25), 0 8px 24px rgb(6 32 36 / .22);
      transition: background-color .15s, transform .15s;
    }
    .launcher:hover { background: var(--brand-deep); transform: translateY(-2px); }
    .launcher svg { width: 30px; height: 30px; }
    .launcher[aria-busy="true"] svg { opacity: .55; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 3px; }
    .badge {
      position: absolute; top: -4px; right: -4px; min-width: 26px; height: 26px; padding: 0 6px;
      border-radius: 13px; border: 2px solid #fff; background: #a5231a; color: #fff;
      font-size: .8125em; font-weight: 700; line-height: 22px; text-align: center;
    }
    .emergency {
      position: fixed; inset: auto max(12px, env(safe-area-inset-right)) max(12px, env(safe-area-inset-bottom)) auto;
      z-index: 2147483000; margin: 0; padding: 20px; width: min(380px, calc(100vw - 24px));
      max-height: calc(100dvh - 24px); overflow: auto; border: 2px solid var(--danger); border-radius: 16px;
      background: var(--paper); color: var(--ink); box-shadow: 0 12px 40px rgb(6 32 36 / .3);
    }
    .emergency h2 { margin: 0 0 8px; font-size: 1.25em; line-height: 1.3; }
    .emergency p { margin: 0 0 12px; }
    .emergency ul { margin: 0 0 16px; padding: 0; list-style: none; display: grid; gap: 8px; }
    .emergency a {
      display: flex; flex-wrap: wrap; gap: 0 12px; justify-content: space-between; padding: 10px 12px;
      border: 1px solid var(--line); border-radius: 10px; color: inherit; text-decoration: none;
    }
    .emergency a strong { color: var(--danger); text-decoration: underline; text-underline-offset: 3px; }
    .emergency button {
      min-height: 44px; padding: 8px 14px; margin: 0 8px 8px 0; border: 2px solid var(--brand); border-radius: 10px;
      background: transparent; color: var(--brand); font: inherit; font-weight: 600; cursor: pointer;
    }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none; } .launcher:hover { transform: none; } }
    @media (forced-colors: active) { .launcher { border-color: ButtonText; } }
    @media print { .root { display: none; } }
  `;

  const options = {
    base: new URL("./", script.src),
    language: (script.dataset.lang || document.documentElement.lang || "nb").toLowerCase().startsWith("nn") ? "nn" : "nb",
    exitUrl: webAddress(script.dataset.exitUrl) ?? NEUTRAL_PAGE,
    privacyUrl: webAddress(script.dataset.privacyUrl),
    keep: script.dataset.keep === "device" ? "device" : "tab",
  };

  const host = document.createElement("hjelpelinje-chat");
  host.style.setProperty("all", "initial", "important"); // a page's "* { ... }" would reach in through the host
  const shadow = host.attachShadow({ mode: "open" });
  const root = node("div", { class: "root", lang: options.language });
  const launcher = node("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" });
  let app = null;
  let loading = false;
  let attempts = 0;
  let patience = 0;
  let wake = () => {}; // ends the wait before the next attempt
  let wish = null; // how the relative wants it opened, once it is loaded
  let emergency = null;

  function node(name, attributes = {}, text = "") {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.textContent = text;
    return element;
  }

  function webAddress(value) {
    if (!value) return null;
    try {
      const url = new URL(value, location.href);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null;
    }
  }

  /** Style without a style element where the browser can: a strict policy on the page then needs no exception. */
  function style(css) {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
    } catch {
      shadow.append(node("style", {}, css));
    }
  }

  function drawLauncher() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8.2L7 21v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2Zm3 4.2v1.6h10V8.2H7Zm0 3.4v1.6h7v-1.6H7Z");
    path.setAttribute("fill", "currentColor");
    svg.append(path);
    launcher.append(svg);
    launcher.setAttribute("aria-label", BUILT_IN[options.language].open);
    launcher.title = BUILT_IN[options.language].open;
    launcher.addEventListener("click", () => open(launcher));
  }

  function showEmergency() {
    if (emergency) return;
    const words = BUILT_IN[options.language];
    emergency = node("dialog", { class: "emergency", "aria-labelledby": "emergency-title" });
    const list = node("ul");
    for (const contact of BUILT_IN.contacts) {
      const link = node("a", { href: `tel:${contact.dial}` });
      link.append(
        node("span", {}, contact.name[options.language]),
        node("strong", {}, words.call.replace("{number}", contact.display)),
      );
      const item = node("li");
      item.append(link);
      list.append(item);
    }
    const close = node("button", { type: "button" }, words.close);
    const leave = node("button", { type: "button" }, words.exit);
    close.addEventListener("click", closeEmergency);
    leave.addEventListener("click", () => location.replace(options.exitUrl));
    emergency.addEventListener("keydown", (event) => event.key === "Escape" && closeEmergency());
    emergency.append(
      node("h2", { id: "emergency-title" }, words.outage_title),
      node("p", {}, words.outage_text),
      list, close, leave,
    );
    root.append(emergency);
    emergency.setAttribute("open", "");
    launcher.hidden = true;
    close.focus();
  }

  /** Close the numbers and give up on opening; the next press starts afresh. */
  function closeEmergency() {
    wish = null;
    hideEmergency();
    launcher.removeAttribute("aria-busy");
    launcher.focus();
  }

  function hideEmergency() {
    emergency?.remove();
    emergency = null;
    launcher.hidden = false;
  }

  async function attempt() {
    const url = new URL("app.js", options.base);
    // A failed import is remembered by some browsers under its address.
    if (attempts++ > 0) url.searchParams.set("attempt", String(attempts));
    const module = await import(url.href);
    return module.start({ root, launcher, style, options });
  }

  /** Load the chat, and try again as long as it is wanted: by the relative, or to go on after a reload. */
  async function load(goOn) {
    if (loading) return;
    loading = true;
    while (!app && (wish || goOn)) {
      try {
        app = await attempt();
      } catch {
        if (wish) showEmergency();
        await new Promise((resolve) => {
          wake = resolve;
          setTimeout(resolve, RETRY_MS);
        });
      }
    }
    loading = false;
    clearTimeout(patience);
    launcher.removeAttribute("aria-busy");
    hideEmergency();
    if (app && wish) app.open(wish.opener, wish.focus);
  }

  /** Open the chat. `focus` false: after a reload, when the reader may be somewhere else. */
  function open(opener, focus = true) {
    if (app) return app.open(opener, focus);
    wish = { opener, focus };
    launcher.setAttribute("aria-busy", "true");
    clearTimeout(patience);
    patience = setTimeout(() => wish && !app && showEmergency(), PATIENCE_MS);
    wake();
    load(false);
  }

  /** What this tab remembers: null when the chat was never opened here. */
  function remembered() {
    try {
      return sessionStorage.getItem("hjelpelinje:open");
    } catch {
      return null;
    }
  }

  function mount() {
    style(CSS);
    drawLauncher();
    root.append(launcher);
    shadow.append(root);
    document.body.append(host);
    document.addEventListener("click", (event) => {
      const opener = event.target instanceof Element && event.target.closest("[data-hjelpelinje-open]");
      if (!opener) return;
      event.preventDefault();
      open(opener);
    });
    const state = remembered();
    if (state === "yes") open(launcher, false);
    else if (state === "no") load(true);
  }

  if (document.body) mount();
  else document.addEventListener("DOMContentLoaded", mount, { once: true });
})();
