// The explorer: filters, the table's pages, and the part of the address behind `#`, which holds them.
const PAGE = 100;
const EMPTY = { text: "", class: "", person: "", rule: "", from: "", to: "", sort: "", dir: "", page: "" };
const KEYS = Object.keys(EMPTY);
let filter = { ...EMPTY };
let found = [];
const explorer = byId("explorer");

const choice = (name, label, choices) => make("label", {}, label,
  make("select", { name }, make("option", { value: "" }, "all"), choices.map(([value, words]) => make("option", { value }, words))));
const input = (name, label, attributes) => make("label", { class: attributes.class ?? "" }, label,
  make("input", { name, autocomplete: "off", spellcheck: "false", ...attributes, class: "" }));

const sums = (say) => {
  const sums = new Map();
  for (const row of rows) for (const one of new Set(say(row))) sums.set(one, (sums.get(one) ?? 0) + 1);
  return sums;
};
const byClass = sums((row) => (row[CLASS] === null ? [] : [facts.classes[row[CLASS]]]));
const byRule = sums((row) => row[FINDINGS].map((finding) => finding[CODE]));
const names = sums((row) => row[PEOPLE].map((one) => word(one[EMAIL]) || word(one[NAME])));
const often = [...names].sort((one, other) => other[1] - one[1]).slice(0, 500);
const numbered = (value, words, sum) => [value, `${words} (${sum.toLocaleString("en")})`];

const form = make("form", { class: "filters", role: "search", "aria-label": "Filter the commits" },
  input("text", "Text", { type: "search", placeholder: "subject, id, finding, path", class: "broad" }),
  input("person", "Person", { type: "search", placeholder: "name, address", list: "people" }),
  choice("class", "Class", facts.classes.filter((name) => byClass.has(name)).map((name) => numbered(name, name, byClass.get(name)))),
  make("datalist", { id: "people" }, often.map(([value]) => make("option", { value }))),
  choice("rule", "Rule", [["any", "any finding"], ["none", "no finding"],
    ...facts.rules.filter(([code]) => byRule.has(code)).map(([code, name]) => numbered(code, `${code} ${name}`, byRule.get(code)))]),
  input("from", "From day", { type: "date" }),
  input("to", "To day", { type: "date" }));
const status = make("p", { class: "found", role: "status", "aria-live": "polite" });
const clear = make("button", { type: "button" }, "Clear filters");
const pager = (where) => {
  const back = make("button", { type: "button" }, "Previous");
  const next = make("button", { type: "button" }, "Next");
  const words = make("span", {});
  back.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  return { back, next, words, bar: make("nav", { class: "pages", "aria-label": `Pages, ${where} the table` }, back, words, next) };
};
const pagers = [pager("above"), pager("below")];
const headings = COLUMNS.map(([name, label]) => {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", () => {
    const { sort, dir } = sorting();
    change({ sort: name, dir: sort === name && dir === "asc" ? "desc" : "asc", page: "" });
  });
  return make("th", { role: "columnheader", scope: "col" }, button);
});
const body = make("tbody", { role: "rowgroup" });
explorer.append(form,
  make("div", { class: "bar" }, status, clear, pagers[0].bar),
  make("table", { class: "commits", role: "table", "aria-labelledby": "commits" },
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, headings)), body),
  make("div", { class: "bar" }, make("span", {}), pagers[1].bar));

const sorting = () => ({ sort: filter.sort || "findings", dir: filter.dir || "asc" });
const pages = () => Math.max(1, Math.ceil(found.length / PAGE));
const page = () => Math.min(pages(), Math.max(1, Number.parseInt(filter.page, 10) || 1));

const close = (line) => {
  if (line.nextElementSibling?.classList.contains("more")) line.nextElementSibling.remove();
  line.classList.remove("open");
  line.querySelector("button.id").setAttribute("aria-expanded", "false");
};
const toggle = (line, button, at) => {
  if (line.classList.contains("open")) return close(line);
  line.classList.add("open");
  button.setAttribute("aria-expanded", "true");
  line.after(make("tr", { class: "more", role: "row" }, make("td", { role: "cell", colspan: COLUMNS.length }, details(rows[at]))));
};

const show = () => {
  const { sort, dir } = sorting();
  const first = (page() - 1) * PAGE;
  const some = found.slice(first, first + PAGE);
  body.replaceChildren(...some.map((at) => line(rows[at], at, toggle)));
  headings.forEach((heading, at) => {
    if (COLUMNS[at][0] === sort) heading.setAttribute("aria-sort", dir === "asc" ? "ascending" : "descending");
    else heading.removeAttribute("aria-sort");
  });
  status.textContent = found.length === rows.length ? count(rows.length, "commit")
    : `${found.length.toLocaleString("en")} of ${count(rows.length, "commit")}`;
  clear.hidden = KEYS.slice(0, 6).every((key) => filter[key] === "");
  for (const { back, next, words, bar } of pagers) {
    back.disabled = page() === 1;
    next.disabled = page() === pages();
    words.textContent = `Page ${page()} of ${pages()}`;
    bar.hidden = pages() === 1;
  }
};
const apply = () => {
  found = select({ ...filter, ...sorting() });
  for (const control of form.elements) if (control.name && control.value !== filter[control.name]) control.value = filter[control.name];
  show();
};
/** Puts the filter into the address, so that a link brings the same view. */
const remember = () => {
  const kept = new URLSearchParams(KEYS.filter((key) => filter[key] !== "").map((key) => [key, filter[key]]));
  const address = location.href.split("#")[0];
  try {
    history.replaceState(null, "", String(kept) === "" ? address : `${address}#${kept}`);
  } catch { /* A page without an origin may keep no history. */ }
};
const change = (some) => {
  filter = { ...filter, ...some };
  remember();
  apply();
};
const turn = (by) => {
  change({ page: String(page() + by) });
  byId("commits").scrollIntoView();
};

const openCommit = (id) => {
  const at = rows.findIndex((row) => row[ID] !== null && row[ID].startsWith(id));
  if (at < 0) return;
  filter = { ...EMPTY };
  found = select({ ...filter, ...sorting() });
  const place = found.indexOf(at);
  filter.page = place < PAGE ? "" : String(Math.floor(place / PAGE) + 1);
  apply();
  const line = body.children[place % PAGE];
  const button = line.querySelector("button.id");
  toggle(line, button, at);
  button.focus({ preventScroll: true });
  line.scrollIntoView({ block: "center" });
};
/** Follows the address: a place of the page, a commit, or a filter. */
const follow = () => {
  const wish = location.hash.slice(1);
  const place = wish && byId(wish);
  if (place) {
    if (place.tagName === "DETAILS") place.open = true;
    place.scrollIntoView();
  } else if (/^[0-9a-f]{7,64}$/.test(wish)) {
    openCommit(wish);
  } else if (wish.includes("=")) {
    const asked = new URLSearchParams(wish);
    filter = Object.fromEntries(KEYS.map((key) => [key, asked.get(key) ?? ""]));
    apply();
    byId("commits").scrollIntoView();
  }
};

let waiting = 0;
const read = () => {
  const wish = Object.fromEntries([...form.elements].filter((control) => control.name).map((control) => [control.name, control.value]));
  change({ ...wish, page: "" });
};
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(read, 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  read();
});
clear.addEventListener("click", () => {
  change({ ...EMPTY, sort: filter.sort, dir: filter.dir });
  form.elements.text.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const row = event.target.closest?.("tr.more, tr.open");
  const line = row?.classList.contains("more") ? row.previousElementSibling : row;
  const about = event.target.closest?.("details[open]");
  if (line) {
    close(line);
    line.querySelector("button.id").focus();
  } else if (about) {
    about.open = false;
    about.querySelector("summary").focus();
  }
});

const theme = byId("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
const name = () => {
  theme.textContent = isDark() ? "Light theme" : "Dark theme";
};
theme.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("pdd-hooks-theme", document.documentElement.dataset.theme);
  } catch { /* See early.js. */ }
  name();
});
dark.addEventListener("change", name);
theme.hidden = false;
name();
addEventListener("hashchange", follow);
apply();
follow();
