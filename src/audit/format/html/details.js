// What a row looks like. Text gets into the page as text alone.

/** Makes an element: its attributes, then what it holds. */
const make = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
  element.append(...children.flat().filter((child) => child !== "" && child != null));
  return element;
};
const draw = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const swatch = (name) => {
  const square = draw("svg", { class: "swatch", width: 12, height: 12, "aria-hidden": "true", focusable: "false" });
  square.append(draw("rect", { width: 12, height: 12, rx: 2, fill: `url(#p-${name})` }));
  return square;
};
const cut = (long, most) => (long.length > most ? `${long.slice(0, most)}…` : long);
const short = (id) => id.slice(0, 12);
const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

const chip = (finding) => {
  const name = LEVELS[finding[LEVEL]];
  return make("a", { class: `chip ${name}`, href: `#rule-${finding[CODE]}` },
    finding[LEVEL] === 0 ? finding[CODE] : `${finding[CODE]} ${name}`);
};
const person = (one) => [
  make("bdi", { title: word(one[EMAIL]) }, word(one[NAME])),
  one[KIND] ? [" ", make("span", { class: "badge" }, KINDS[one[KIND]])] : [],
].flat();
const className = (row) => {
  const name = facts.classes[row[CLASS]];
  return name ? make("span", { class: "class" }, swatch(name), name) : "";
};
const date = (row) => {
  const time = row[TIME];
  if (!time) return "";
  return make("time", { datetime: time }, time.slice(0, 16).replace("T", " "), " ",
    make("span", { class: "zone" }, time.slice(19)));
};
/** The chips of a row, each once with the heaviest of its levels. */
const chips = (row) => {
  const heaviest = new Map();
  for (const finding of row[FINDINGS]) {
    const known = heaviest.get(finding[CODE]);
    if (!known || finding[LEVEL] < known[LEVEL]) heaviest.set(finding[CODE], finding);
  }
  return [...heaviest.values()].map(chip);
};

const said = (finding) => make("div", { class: "said" },
  make("p", {}, chip(finding), " ", word(finding[MESSAGE])),
  finding[PATH] === null ? "" : make("p", {}, make("code", {}, word(finding[PATH]) + (finding[LINE] === null ? "" : `:${finding[LINE]}`))),
  finding[WAIVER] !== null ? make("p", {}, `waived ${word(finding[WAIVER])}`)
    : finding[HELP] !== null ? make("p", {}, "help: ", make("code", { class: "command" }, word(finding[HELP]))) : "");

/** The whole of what is known of a row. */
const details = (row) => {
  const list = make("dl", { class: "detail" });
  const add = (name, ...what) => {
    if (what.flat().length > 0) list.append(make("dt", {}, name), make("dd", {}, ...what));
  };
  add("Subject", make("bdi", { class: "full" }, row[SUBJECT] || "none"));
  add("Commit", make("a", { href: `#${row[ID]}` }, make("code", {}, row[ID] ?? "staged")));
  if (row[OF]) add("Of", make("a", { href: `#${row[OF]}` }, make("code", {}, row[OF])));
  for (const one of row[PEOPLE]) {
    add(ROLES[one[ROLE]], person(one), " ", make("bdi", {}, `<${word(one[EMAIL])}>`));
  }
  add("Task", word(row[TASK]) || []);
  add("Personas", row[PERSONAS].map(word).join(", ") || []);
  add("Class", [className(row), row[HOW] === null ? "" : `, ${word(row[HOW])}`]);
  add("Noticed", row[NOTICED] ?? "first seen by this audit");
  const more = row[COUNT] - row[FINDINGS].length;
  add("Findings", row[FINDINGS].map(said), more > 0 ? `and ${more} more` : "", row[COUNT] === 0 ? "none" : "");
  add("Evidence", row[EVIDENCE].map(([kind, name, by]) => make("div", {}, word(kind), " ", make("code", {}, name), by === null ? "" : ` signed by ${word(by)}`)));
  add("Notes", row[NOTES].map((note) => make("div", {}, word(note))));
  return list;
};

/** A row of the table, and how it is opened. */
const line = (row, at, toggle) => {
  const cell = (label, more, ...what) => {
    const inside = make("div", { class: "cell" }, ...what);
    const empty = inside.childNodes.length === 0 ? " empty" : "";
    return make("td", { role: "cell", "data-label": label, class: `${more}${empty}` }, inside);
  };
  const name = row[ID] === null ? "staged" : short(row[ID]);
  const button = make("button", { type: "button", class: "id", "aria-expanded": "false", "aria-label": `Details of ${name}` }, name);
  const others = row[PEOPLE].filter((one) => one[ROLE] !== 0);
  const line = make("tr", { role: "row" },
    cell("Commit", "", button),
    cell("Date", "date", date(row)),
    cell("Class", "", className(row), row[HOW] === null ? "" : make("span", { class: "how" }, word(row[HOW]))),
    cell("Findings", "", row[COUNT] === 0 ? make("span", { class: "none" }, "none") : chips(row)),
    cell("Author", "author", person(author(row)),
      others.slice(0, 3).map((one) => make("span", { class: "with" }, one[ROLE] === 1 ? "by " : "with ", ...person(one))),
      others.length > 3 ? make("span", { class: "with" }, `and ${others.length - 3} more`) : ""),
    cell("Task", "task", cut(word(row[TASK]), 24)),
    cell("Subject", "subject", make("bdi", { title: cut(row[SUBJECT], 500) }, cut(row[SUBJECT], 120))),
    cell("Evidence", "", row[EVIDENCE].slice(0, 3).map(([kind, what]) => make("span", { class: "evidence" }, `${word(kind)} ${cut(what, 16)}`)),
      row[EVIDENCE].length > 3 ? make("span", { class: "evidence" }, `and ${row[EVIDENCE].length - 3} more`) : ""));
  button.addEventListener("click", () => toggle(line, button, at));
  return line;
};
