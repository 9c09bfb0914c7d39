// The rows, as data.rs writes them: an array each, its places in this order.
const ID = 0, TIME = 1, CLASS = 2, HOW = 3, PEOPLE = 4, TASK = 5, SUBJECT = 6, FINDINGS = 7, COUNT = 8, EVIDENCE = 9,
  NOTES = 10, NOTICED = 11, OF = 12, PERSONAS = 13;
// A finding, a person and a piece of evidence are arrays too.
const CODE = 0, LEVEL = 1, MESSAGE = 2, HELP = 3, PATH = 4, LINE = 5, WAIVER = 6;
const NAME = 0, EMAIL = 1, KIND = 2, ROLE = 3;
const KINDS = ["", "bot", "agent"];
const ROLES = ["Author", "Committer", "Co-author"];
const LEVELS = ["error", "warn", "waived"];

const byId = (id) => document.getElementById(id);
const facts = JSON.parse(byId("facts").textContent);
const rows = [];
for (const block of document.querySelectorAll("script.rows")) {
  for (const row of JSON.parse(block.textContent)) rows.push(row);
  block.remove();
}

/** Gives a word back: its number stands for it, or it stands itself. */
const word = (value) => (typeof value === "number" ? facts.words[value] : value ?? "");

/** Remembers what a function says of each row: it is asked while typing. */
const once = (say) => {
  const known = new Array(rows.length);
  return (at) => (known[at] ??= say(rows[at], at));
};
const author = (row) => row[PEOPLE].find((person) => person[ROLE] === 0) ?? ["", "", 0, 0];
const text = once((row) => [
  row[ID] ?? "", row[SUBJECT], word(row[TASK]), word(row[HOW]), facts.classes[row[CLASS]] ?? "",
  ...row[PEOPLE].flatMap((person) => [word(person[NAME]), word(person[EMAIL])]),
  ...row[FINDINGS].flatMap((finding) => [finding[CODE], word(finding[MESSAGE]), word(finding[PATH])]),
].join("\n").toLowerCase());
const people = once((row) => row[PEOPLE].map((person) => `${word(person[NAME])} <${word(person[EMAIL])}>`).join("\n").toLowerCase());
// The instant orders; an offset that no browser reads is left out.
const instant = once((row) => {
  const time = row[TIME] ?? "";
  const when = [Date.parse(time), Date.parse(time.slice(0, 19) + "Z")].find((one) => !Number.isNaN(one));
  return when ?? -Infinity;
});
const level = (row, number) => row[FINDINGS].filter((finding) => finding[LEVEL] === number).length;
/** How bad a row is, the worst first, as worst.rs has it. */
const badness = once((row, at) => [
  facts.classes[row[CLASS]] === "bypassed" ? 0 : 1, level(row, 0) === 0 ? 1 : 0, row[CLASS] ?? facts.classes.length, -level(row, 0), -level(row, 1), -at,
]);

const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
const compareAll = (one, other) => {
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return one[at] - other[at];
  return 0;
};
const ordered = (say) => {
  const keys = once(say);
  return (one, other) => compare(keys(one), keys(other));
};
/** The columns of the table: name, heading, and what orders it. */
const COLUMNS = [
  ["commit", "Commit", ordered((row) => row[ID] ?? "")],
  ["date", "Date", (one, other) => compare(instant(one), instant(other))],
  ["class", "Class", (one, other) => compare(rows[one][CLASS] ?? 99, rows[other][CLASS] ?? 99)],
  ["findings", "Findings", (one, other) => compareAll(badness(one), badness(other))],
  ["author", "Author", ordered((row) => word(author(row)[NAME]).toLowerCase())],
  ["task", "Task", ordered((row) => word(row[TASK]))],
  ["subject", "Subject", ordered((row) => row[SUBJECT].toLowerCase())],
  ["evidence", "Evidence", ordered((row) => row[EVIDENCE].map((one) => word(one[0])).join(" "))],
];

/** Says whether a row is one that the filter asks for. */
const passes = (filter) => {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const person = filter.person.toLowerCase();
  const place = facts.classes.indexOf(filter.class);
  const rule = {
    "": () => true,
    any: (row) => row[FINDINGS].length > 0,
    none: (row) => row[FINDINGS].length === 0,
  }[filter.rule] ?? ((row) => row[FINDINGS].some((finding) => finding[CODE] === filter.rule));
  return (at) => {
    const row = rows[at];
    // A day is the author's own, as the table shows it.
    const day = (row[TIME] ?? "").slice(0, 10);
    return (filter.class === "" || row[CLASS] === place) && rule(row)
      && (filter.from === "" || day >= filter.from) && (filter.to === "" || (day !== "" && day <= filter.to))
      && (person === "" || people(at).includes(person))
      && words.every((one) => text(at).includes(one));
  };
};

/** Finds, filters and sorts: the numbers of the rows. */
const select = (filter) => {
  const passing = passes(filter);
  const found = [];
  for (let at = 0; at < rows.length; at += 1) if (passing(at)) found.push(at);
  const column = COLUMNS.find(([name]) => name === filter.sort) ?? COLUMNS[3];
  const sign = filter.dir === "desc" ? -1 : 1;
  // Where the column says nothing the worst comes first.
  return found.sort((one, other) => sign * column[2](one, other) || compareAll(badness(one), badness(other)));
};
