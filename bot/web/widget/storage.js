/** What the widget remembers in the browser: in the tab, and the token on the device if the site asks for it. */

const PREFIX = "hjelpelinje:";

/** A storage area of the browser, or null where it is shut off. */
function area(name) {
  try {
    const found = window[name];
    found.getItem(PREFIX);
    return found;
  } catch {
    return null;
  }
}

export class Store {
  #tab = area("sessionStorage");
  #token;
  #memory = new Map();
  #shut = false;

  /** `keep` is "tab" (default: a shared computer forgets when the tab closes) or "device". */
  constructor(keep) {
    this.#token = keep === "device" ? area("localStorage") : this.#tab;
  }

  #area(name) {
    return name === "token" ? this.#token : this.#tab;
  }

  /** Return a string, or null. */
  get(name) {
    return this.#memory.get(name) ?? this.#area(name)?.getItem(PREFIX + name) ?? null;
  }

  /** Keep a string; null forgets it. Full or shut storage: kept in memory as long as the page lives. */
  set(name, value) {
    if (this.#shut) return;
    this.#memory.delete(name);
    try {
      if (value === null) this.#area(name)?.removeItem(PREFIX + name);
      else if (this.#area(name)) this.#area(name).setItem(PREFIX + name, value);
      else this.#memory.set(name, value);
    } catch {
      this.#memory.set(name, value);
    }
  }

  /** Return a kept list; what cannot be read counts as nothing. */
  list(name) {
    try {
      const value = JSON.parse(this.get(name) ?? "[]");
      return Array.isArray(value) ? value : [];
    } catch {
      return [];
    }
  }

  /** Forget everything, and take nothing more: the relative is leaving in a hurry. */
  wipe() {
    this.#shut = true;
    this.#memory.clear();
    for (const place of [this.#tab, this.#token]) {
      try {
        for (const key of Object.keys(place ?? {})) if (key.startsWith(PREFIX)) place.removeItem(key);
      } catch {
        // An area that cannot be read holds nothing of ours.
      }
    }
  }
}
