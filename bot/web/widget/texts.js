/** The widget's own words in Bokmål and Nynorsk, read from texts.json. */

const LOCALES = { nb: ["nb-NO", "no"], nn: ["nn-NO", "nb-NO", "no"] };

export class Texts {
  #catalogue;
  #drawn = [];

  constructor(catalogue, language) {
    this.#catalogue = catalogue;
    this.language = catalogue[language] ? language : "nb";
  }

  /** Return a text, with {name} replaced from `values`. */
  get(key, values = {}) {
    const text = this.#catalogue[this.language][key] ?? this.#catalogue.nb[key];
    return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")) : text;
  }

  /** Return the name of a language in itself. */
  nameOf(language) {
    return this.#catalogue[language].language;
  }

  /** The emergency contacts, shaped as the server's contacts. */
  get contacts() {
    return this.#catalogue.contacts.map((contact) => ({
      ...contact, name: contact.name[this.language], hours: contact.hours[this.language], url: null,
    }));
  }

  /** Draw now, and again each time the language changes. */
  each(draw) {
    this.#drawn.push(draw);
    draw();
  }

  use(language) {
    this.language = language;
    for (const draw of this.#drawn) draw();
  }

  /** Return "14:32" for today, else "3. mars, 14:32". */
  time(date) {
    const clock = date.toLocaleTimeString(LOCALES[this.language], { hour: "2-digit", minute: "2-digit" });
    if (date.toDateString() === new Date().toDateString()) return clock;
    return `${date.toLocaleDateString(LOCALES[this.language], { day: "numeric", month: "long" })}, ${clock}`;
  }

  /** Return "3. mars 2026" for an ISO date, or null when it is none. */
  date(iso) {
    const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(iso ?? "") ? `${iso}T12:00` : Number.NaN);
    if (Number.isNaN(date.getTime())) return null;
    return date.toLocaleDateString(LOCALES[this.language], { day: "numeric", month: "long", year: "numeric" });
  }
}
