"use strict";
// All texts are untrusted: they reach the page through textContent alone.

const told = JSON.parse(document.getElementById("data").textContent);
const MOST = 500; // episodes that are shown at once
const SVG = ["svg", "path", "rect", "line", "text", "circle", "title"];
const $ = (id) => document.getElementById(id);

function make(tag, { text, ...attributes } = {}, ...children) {
  const node = SVG.includes(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  node.append(...children);
  return node;
}
const percent = (rate) => (rate === null || rate === undefined ? "–" : `${(100 * rate).toFixed(1)} %`);

// Tables

function compare(a, b) {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1; // what is unknown comes last
  if (b === null || b === undefined) return -1;
  if (typeof a === "string") return a.localeCompare(b, "en", { numeric: true });
  return a < b ? -1 : 1;
}

function sorted(rows, column, down) {
  const known = (row) => row.keys[column] !== null && row.keys[column] !== undefined;
  const order = (a, b) => (known(a) && known(b) && down ? -1 : 1) * compare(a.keys[column], b.keys[column]);
  const single = rows.filter((row) => !row.is_sum);
  if (column !== null) single.sort(order);
  return [...single, ...rows.filter((row) => row.is_sum)];
}

// One table whose headings sort it; `show` puts other rows into it.
function table(headings, numbers, cell) {
  const state = { rows: [], column: null, down: false };
  const body = make("tbody");
  const heads = headings.map((heading, column) => {
    const button = make("button", { type: "button", text: heading });
    const head = make("th", { scope: "col", class: numbers[column] ? "number" : "" }, button);
    button.addEventListener("click", () => {
      // The first click on a number shows the largest.
      state.down = state.column === column ? !state.down : numbers[column];
      state.column = column;
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      draw();
    });
    return head;
  });
  function draw() {
    const rows = sorted(state.rows, state.column, state.down).slice(0, MOST);
    body.replaceChildren(...rows.map((row) =>
      make("tr", { class: row.is_sum ? "sum" : "" }, ...headings.map((_, column) => cell(row, column)))));
  }
  return {
    node: make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body),
    show(rows) { state.rows = rows; draw(); },
  };
}

for (const [name, { headings, numbers, rows }] of Object.entries(told.tables)) {
  const made = table(headings, numbers, (row, column) =>
    make("td", { class: numbers[column] ? "number" : "", text: row.texts[column] }));
  made.show(rows);
  $("tables").append(
    make("h2", { text: name }),
    make("div", { class: "wide", id: `table-${name.toLowerCase()}` }, made.node));
}

// Charts

const WIDTH = 520, LABEL = 150, RIGHT = 74, LINE = 24;
const scale = (rate) => LABEL + rate * (WIDTH - LABEL - RIGHT);
const nameOf = (row) => (row.task && row.task !== "all tasks" ? `${row.name} · ${row.task}` : row.name);
const short = (text) => (text.length > 21 ? `${text.slice(0, 20)}…` : text);

function frame(title, rows, draw, ...more) {
  const height = rows.length * LINE + 22;
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title });
  for (const rate of [0, 0.25, 0.5, 0.75, 1]) {
    svg.append(
      make("line", { class: "grid", x1: scale(rate), x2: scale(rate), y1: 0, y2: height - 18 }),
      make("text", { class: "tick", x: scale(rate), y: height - 4, "text-anchor": "middle", text: `${100 * rate} %` }));
  }
  rows.forEach((row, place) => {
    const y = place * LINE + 2;
    svg.append(make("text", { x: LABEL - 8, y: y + 14, "text-anchor": "end", text: short(nameOf(row)) },
      make("title", { text: nameOf(row) })));
    draw(svg, row, y);
  });
  $("charts").append(make("figure", { class: "chart" }, make("h3", { text: title }), svg, ...more));
}

function bars(title, rows, rate, interval) {
  rows = rows.filter((row) => row[rate] !== null && row[rate] !== undefined);
  if (!rows.length) return;
  frame(title, rows, (svg, row, y) => {
    const [low, high] = row[interval].map(scale);
    const middle = y + 10;
    svg.append(
      make("rect", { class: "bar", x: LABEL, y: y + 3, width: Math.max(0, scale(row[rate]) - LABEL), height: 14, rx: 2 },
        make("title", { text: `${nameOf(row)}: ${percent(row[rate])}, 95 % ${row[interval].map(percent).join(" – ")}, ${row.items} items` })),
      make("path", { class: "whisker", d: `M${low} ${middle}H${high}M${low} ${middle - 4}v8M${high} ${middle - 4}v8` }),
      make("text", { x: WIDTH - RIGHT + 12, y: y + 14, text: percent(row[rate]) }));
  });
}

function ends(rows) {
  const all = told.total.end_reasons;
  const first = ["success", "failure", "horizon", "gave_up"];
  const names = [...first.filter((end) => end in all), ...Object.keys(all).filter((end) => !first.includes(end)).sort()];
  const color = (end) => `end${Math.min(5, first.includes(end) ? first.indexOf(end) : 4 + names.filter((n) => !first.includes(n)).indexOf(end))}`;
  const legend = make("div", { class: "legend" }, ...names.map((end) =>
    make("span", {}, make("i", { class: color(end) }), `${end} ${all[end]}`)));
  frame("How episodes ended", rows, (svg, row, y) => {
    const total = Object.values(row.ends).reduce((a, b) => a + b, 0);
    let start = 0;
    for (const end of names.filter((one) => one in row.ends)) {
      const share = row.ends[end] / total;
      svg.append(make("rect", { class: color(end), x: scale(start), y: y + 3, width: scale(share) - LABEL, height: 14 },
        make("title", { text: `${nameOf(row)}: ${end} ${row.ends[end]} of ${total}` })));
      start += share;
    }
    svg.append(make("text", { x: WIDTH - RIGHT + 12, y: y + 14, text: String(total) }));
  }, legend);
}

function curve(row) {
  const points = Object.entries(row.pass_at).map(([k, rate]) => [Number(k), rate]).sort((a, b) => a[0] - b[0]);
  if (!points.length) return;
  const height = 190, most = Math.log2(points.at(-1)[0]) || 1;
  const x = (k) => 40 + (Math.log2(k) / most) * (WIDTH - 80), y = (rate) => 12 + (1 - rate) * (height - 40);
  const svg = make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": "pass@k" });
  for (const rate of [0, 0.5, 1]) {
    svg.append(
      make("line", { class: "grid", x1: 40, x2: WIDTH - 40, y1: y(rate), y2: y(rate) }),
      make("text", { class: "tick", x: 4, y: y(rate) + 4, text: `${100 * rate} %` }));
  }
  svg.append(make("path", { class: "curve", d: "M" + points.map(([k, rate]) => `${x(k)} ${y(rate)}`).join("L") }));
  for (const [k, rate] of points) {
    svg.append(
      make("circle", { class: "bar", cx: x(k), cy: y(rate), r: 4 }, make("title", { text: `pass@${k}: ${percent(rate)}` })),
      make("text", { class: "tick", x: x(k), y: height - 4, "text-anchor": "middle", text: `@${k} ${percent(rate)}` }));
  }
  $("charts").append(make("figure", { class: "chart" }, make("h3", { text: "pass@k over all items" }), svg));
}

const { families, tasks, difficulty } = told.charts;
bars("Success, with 95 % intervals", families, "rate", "interval");
bars("Mean score, with 95 % intervals", families, "score", "score_interval");
bars("Success by task", tasks, "rate", "interval");
bars("Success by difficulty", difficulty, "rate", "interval");
ends(families);
curve(families.at(-1));

// Episodes

const COLUMNS = ["task", "item", "episode", "end", "score", "return", "steps", "invalid", "tokens", "cost", "error"];
const WORDS = ["task", "item", "end", "error"];
const shown = COLUMNS.filter((name) => told.episodes.some((one) => one[name] !== undefined && (name !== "episode" || one[name] > 0)));
const OUTCOMES = {
  "any outcome": () => true,
  solved: (one) => one.success === true,
  "not solved": (one) => one.success === false,
  crashed: (one) => one.success === undefined,
};
const rows = told.episodes.map((episode) => ({
  episode,
  keys: shown.map((name) => episode[name]),
  words: WORDS.map((name) => episode[name] ?? "").join("\n").toLowerCase(),
}));

function cell(row, column) {
  const name = shown[column], value = row.episode[name];
  const kind = WORDS.includes(name) ? (name === "error" ? "words" : "") : "number";
  if (value === undefined) return make("td", { class: kind, text: "–" });
  if (name === "item" && row.episode.place !== undefined && told.viewer) {
    return make("td", {}, make("a", { href: `${told.viewer}#${row.episode.place}`, text: value }));
  }
  if (name === "end") {
    const { success } = row.episode;
    return make("td", { class: success === true ? "good" : success === false ? "bad" : "soft", text: value });
  }
  return make("td", { class: kind, text: Number.isInteger(value) || typeof value === "string" ? value : value.toFixed(3) });
}

const list = table(shown, shown.map((name) => !WORDS.includes(name)), cell);
$("list").append(list.node);
for (const name of Object.keys(OUTCOMES)) $("outcome").append(make("option", { text: name, value: name }));

function refilter() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter((row) => OUTCOMES[$("outcome").value](row.episode) && words.every((word) => row.words.includes(word)));
  list.show(kept);
  const cut = kept.length > MOST ? `, the first ${MOST} shown` : "";
  $("count").textContent = `${kept.length} of ${rows.length} episodes${cut}`;
}
$("search").addEventListener("input", refilter);
$("outcome").addEventListener("change", refilter);
refilter();

// The rest

const total = told.total;
const tiles = {
  success: percent(total.success_rate),
  "95 % interval": total.items ? total.interval.map(percent).join(" – ") : "–",
  "mean score": total.mean_score?.toFixed(3) ?? "–",
  items: total.items.toLocaleString("en"),
  episodes: total.episodes.toLocaleString("en"),
  crashed: total.crashed.toLocaleString("en"),
};
if (total.prompt_tokens + total.completion_tokens) tiles.tokens = (total.prompt_tokens + total.completion_tokens).toLocaleString("en");
if (total.cost) tiles.cost = total.cost.toFixed(4);
for (const [name, value] of Object.entries(tiles)) {
  $("tiles").append(make("div", { class: "tile" }, make("b", { text: value }), make("small", { text: name })));
}
told.said = told.said.replaceAll("`", "");
if (told.viewer) $("said").append(told.said, " ", make("a", { href: told.viewer, text: "All trajectories" }));
else $("said").textContent = told.said;
$("explanation").textContent = told.explanation;
$("versions").textContent = `${Object.entries(told.versions).map(([name, version]) => `${name} ${version}`).join(", ")}; settings ${told.hash}`;
document.documentElement.dataset.ready = "yes";
