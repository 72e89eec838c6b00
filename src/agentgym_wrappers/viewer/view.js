"use strict";
// All texts are untrusted: they reach the page through textContent alone.

const { episodes, rules, rows: lines } = JSON.parse(document.getElementById("data").textContent);
const ROW = 52; // pixels, as in the style sheet
const $ = (id) => document.getElementById(id);

function make(tag, { text, ...attributes } = {}, ...children) {
  const svg = ["svg", "path", "circle", "line", "text"].includes(tag);
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  node.append(...children);
  return node;
}

// The list

const ORDERS = {
  "in order": () => 0,
  "best first": (a, b) => (b.score ?? 0) - (a.score ?? 0),
  "worst first": (a, b) => (a.score ?? 0) - (b.score ?? 0),
  "longest first": (a, b) => b.steps.length - a.steps.length,
  "shortest first": (a, b) => a.steps.length - b.steps.length,
};
const OUTCOMES = {
  "any outcome": () => true,
  solved: (e) => e.success === 1,
  "not solved": (e) => e.success === 0,
  "invalid actions": (e) => e.steps.some((s) => s.x),
};
const state = { shown: [], panes: [], active: 0 };

episodes.forEach((episode, index) => {
  episode.index = index;
  episode.name = episode.env.replace(/^.*agentgym\//, "").replace(/-v\d+$/, "") || episode.family;
});

function fill(select, names, all) {
  if (all) names = [all, ...names];
  for (const name of names) select.append(make("option", { text: name, value: name }));
}
const unique = (key) => [...new Set(episodes.map((e) => e[key]))].filter(Boolean).sort();
fill($("family"), unique("family"), "all families");
fill($("policy"), unique("policy"), "all policies");
fill($("outcome"), Object.keys(OUTCOMES));
fill($("order"), Object.keys(ORDERS));

function holds(episode, words) {
  if (episode.words === undefined) {
    const said = episode.steps.flatMap((s) => [s.t, s.a, s.r, s.o, s.e]);
    episode.words = [episode.item, episode.env, episode.policy, episode.first, ...said]
      .filter(Boolean).join("\n").toLowerCase();
  }
  return words.every((word) => episode.words.includes(word));
}

function refilter() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const family = $("family").selectedIndex ? $("family").value : null;
  const policy = $("policy").selectedIndex ? $("policy").value : null;
  const outcome = OUTCOMES[$("outcome").value];
  state.shown = episodes
    .filter((e) => (!family || e.family === family) && (!policy || e.policy === policy))
    .filter((e) => outcome(e) && holds(e, words))
    .sort(ORDERS[$("order").value]);
  const judged = state.shown.filter((e) => e.success !== null);
  const solved = judged.filter((e) => e.success === 1).length;
  $("count").textContent =
    `${state.shown.length.toLocaleString("en")} of ${episodes.length.toLocaleString("en")} episodes` +
    (judged.length ? ` · ${Math.round((100 * solved) / judged.length)} % solved` : "");
  $("rows").style.height = `${state.shown.length * ROW}px`;
  $("list").scrollTop = 0;
  drawList();
}

// Only the rows in sight are in the page, so that ten thousand episodes scroll well.
function drawList() {
  const list = $("list");
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 5);
  const last = Math.min(state.shown.length, first + Math.ceil(list.clientHeight / ROW) + 10);
  const open = state.panes.map((pane) => pane.episode);
  $("rows").replaceChildren(...state.shown.slice(first, last).map((episode, offset) => {
    const row = make("div", {
      class: "row", role: "option", "aria-selected": open.includes(episode),
      "data-index": episode.index,
    },
      make("b", { text: `${episode.name} · ${episode.item}` }),
      make("span", { text: scoreText(episode), class: tone(episode) }),
      make("small", { text: [episode.policy, `${episode.steps.length} steps`].filter(Boolean).join(" · ") }),
      make("small", { text: episode.end }),
    );
    row.style.top = `${(first + offset) * ROW}px`;
    row.addEventListener("click", (event) => show(episode, event.shiftKey ? 1 : state.active));
    return row;
  }));
}

const tone = (e) => (e.success === 1 ? "good" : e.success === 0 ? "bad" : "soft");
const scoreText = (e) => (e.score === null || e.score === undefined ? "–" : number(e.score));
const number = (x) => String(Math.round(x * 1000) / 1000);

// An episode

function show(episode, place = 0, step = 0) {
  place = Math.min(place, state.panes.length);
  state.panes[place] = { episode, step };
  state.active = place;
  drawPanes();
  drawList();
}

function drawPanes() {
  $("panes").replaceChildren(...state.panes.map(drawPane));
  if (!state.panes.length) {
    $("panes").append(make("p", { class: "nothing", text: "No episode fits these filters." }));
  }
  remember();
}

function drawPane(pane, place) {
  const { episode } = pane;
  const node = make("section", { class: "pane", "aria-label": `Episode ${episode.item}` });
  node.addEventListener("pointerdown", () => { state.active = place; }, true);
  const outcome = episode.success === 1 ? "solved" : episode.success === 0 ? "not solved" : "unknown";
  const compare = make("button", {
    text: state.panes.length > 1 ? "close" : "compare", type: "button",
    title: state.panes.length > 1 ? "Close this side" : "Keep this episode, and choose another beside it",
  });
  compare.addEventListener("click", () => toggleCompare(place));
  const facts = [
    episode.env, episode.split && `${episode.split} split`, episode.policy && `by ${episode.policy}`,
    typeof episode.seed === "number" && `seed ${episode.seed}`,
    `${episode.steps.length} steps`, episode.end && `ended by ${episode.end}`,
  ].filter(Boolean).join(" · ");
  node.append(
    make("header", {},
      make("h2", { text: episode.item }),
      make("span", { class: `badge ${tone(episode)}`, text: outcome }),
      make("span", { class: "soft", text: `score ${scoreText(episode)}` }), compare),
    make("p", { class: "facts", text: facts }),
  );
  node.append(drawStage(pane, node));
  node.append(make("details", {},
    make("summary", { text: "Instructions" }),
    make("div", { class: "said", text: rules[episode.rules] })));
  const start = make("article", { class: "turn", "data-step": 0 },
    make("h3", {}, make("span", { text: "Start" })), said("seen", "observation", episode.first));
  node.append(start, ...episode.steps.map((step, i) => drawTurn(step, i + 1)));
  for (const turn of node.querySelectorAll(".turn")) {
    turn.addEventListener("click", () => {
      if (String(window.getSelection())) return; // someone is copying a text
      go(pane, node, Number(turn.dataset.step), false);
    });
  }
  mark(pane, node);
  return node;
}

const said = (kind, what, text) =>
  make("div", { class: `said ${kind}`, "data-what": what, text });

function drawTurn(step, i) {
  const notes = [];
  if (step.w !== undefined) notes.push(`reward ${number(step.w)}`);
  if (step.s !== undefined) notes.push(`score ${number(step.s)}`);
  const turn = make("article", { class: "turn", "data-step": i },
    make("h3", {}, make("span", { text: `Step ${i}` }),
      make("span", { text: notes.join(" · "), class: step.w > 0 ? "good" : "" })));
  if (step.t) turn.append(said("thought", "thought", step.t));
  if (step.r) turn.append(said("reply", "reply", step.r));
  if (step.a || !step.r) turn.append(said("action", "action", step.a));
  if (step.x) turn.append(make("span", { class: "bad", text: step.e || "invalid action" }));
  if (step.o !== undefined) turn.append(said("seen", "observation", step.o));
  return turn;
}

// The stage: picture, curve, and a way through the steps

function drawStage(pane, node) {
  const { episode } = pane;
  const stage = make("div", { class: "stage" });
  if (episode.pictures) {
    stage.append(make("canvas", { role: "img", "aria-label": "The state of the game" }));
  }
  stage.append(drawCurve(pane, node));
  const back = make("button", { text: "←", type: "button", "aria-label": "Previous step" });
  const next = make("button", { text: "→", type: "button", "aria-label": "Next step" });
  back.addEventListener("click", () => go(pane, node, pane.step - 1));
  next.addEventListener("click", () => go(pane, node, pane.step + 1));
  stage.append(make("div", { class: "walk" }, back, make("span", { class: "where" }), next));
  return stage;
}

function drawCurve(pane, node) {
  const { steps } = pane.episode;
  const width = 400, height = 60;
  const svg = make("svg", {
    viewBox: `0 -7 ${width} ${height + 14}`, preserveAspectRatio: "none", role: "img",
    "aria-label": "Score after each step",
  });
  const known = steps.every((s) => s.s !== undefined);
  const scores = [0, ...steps.map((s) => (known ? s.s : 0))];
  const x = (i) => (width * i) / Math.max(1, steps.length);
  const y = (score) => height * (1 - Math.min(1, Math.max(0, score)));
  const path = scores.map((s, i) => (i ? `H${x(i)}V${y(s)}` : `M${x(i)} ${y(s)}`)).join("");
  svg.append(
    make("path", { d: `M0 ${height}H${width}`, stroke: "var(--line)", "vector-effect": "non-scaling-stroke" }),
    make("path", { d: path, fill: "none", stroke: "var(--accent)", "stroke-width": 2, "vector-effect": "non-scaling-stroke" }),
    make("line", { class: "cursor", y1: -7, y2: height + 7, stroke: "var(--bad)", "vector-effect": "non-scaling-stroke" }),
  );
  svg.addEventListener("click", (event) => {
    const box = svg.getBoundingClientRect();
    go(pane, node, Math.round(((event.clientX - box.left) / box.width) * steps.length));
  });
  return svg;
}

function go(pane, node, step, scroll = true) {
  pane.step = Math.min(pane.episode.steps.length, Math.max(0, step));
  mark(pane, node);
  if (scroll) node.querySelector(".now").scrollIntoView({ block: "nearest" });
  remember();
}

function mark(pane, node) {
  const { episode, step } = pane;
  for (const turn of node.querySelectorAll(".turn")) {
    turn.classList.toggle("now", Number(turn.dataset.step) === step);
  }
  node.querySelector(".where").textContent = `${step} / ${episode.steps.length}`;
  const cursor = node.querySelector(".cursor");
  const x = (400 * step) / Math.max(1, episode.steps.length);
  cursor.setAttribute("x1", x);
  cursor.setAttribute("x2", x);
  const canvas = node.querySelector("canvas");
  if (canvas) paint(canvas, episode, Math.min(step, episode.pictures.length - 1));
}

// Pictures

const COLOURS = { r: "#d0453f", g: "#3f9a56", b: "#3d6fc4", p: "#8a4fb8", y: "#d9b425", w: "#8c8c8c" };

function paint(canvas, episode, step) {
  const drawing = (i) => episode.pictures[i].map((line) => lines[line]);
  const paintOne = episode.family === "Maze" ? paintMaze : paintRoom;
  paintOne(canvas, drawing(step), Array.from({ length: step }, (_, i) => drawing(i)));
}

function grid(canvas, columns, count, tile) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = columns * tile * scale;
  canvas.height = count * tile * scale;
  canvas.style.width = `${columns * tile}px`;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = "#f4f2ea";
  pen.fillRect(0, 0, columns * tile, count * tile);
  return pen;
}

function paintMaze(canvas, drawn, before) {
  const tile = 20;
  const pen = grid(canvas, drawn[0].length, drawn.length, tile);
  const dot = (x, y, radius, colour) => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc((x + 0.5) * tile, (y + 0.5) * tile, radius, 0, 7);
    pen.fill();
  };
  drawn.forEach((row, y) => [...row].forEach((mark, x) => {
    pen.fillStyle = mark === "#" ? "#4a4a52" : mark === "G" ? "#7cc48f" : "#f4f2ea";
    pen.fillRect(x * tile, y * tile, tile, tile);
  }));
  for (const old of before) {
    old.forEach((row, y) => { const x = row.indexOf("A"); if (x >= 0) dot(x, y, 3, "#9dbbe0"); });
  }
  drawn.forEach((row, y) => { const x = row.indexOf("A"); if (x >= 0) dot(x, y, 7, "#3d6fc4"); });
}

const TURNS = { ">>": 0, vv: 1, "<<": 2, "^^": 3 };

function paintRoom(canvas, drawn) {
  // A goal, the rooms with two characters a cell, what is carried, a legend.
  const cells = drawn.slice(1, -2);
  const columns = Math.max(...cells.map((row) => Math.ceil(row.length / 2)));
  const tile = columns > 12 ? 16 : 26;
  const pen = grid(canvas, columns, cells.length, tile);
  cells.forEach((row, y) => {
    for (let x = 0; x < columns; x++) {
      pen.save();
      pen.translate(x * tile, y * tile);
      pen.scale(tile, tile);
      paintCell(pen, row.slice(2 * x, 2 * x + 2));
      pen.restore();
    }
  });
}

function paintCell(pen, mark) {
  const colour = COLOURS[mark[1]] || "#8c8c8c";
  pen.strokeStyle = pen.fillStyle = colour;
  pen.lineWidth = 0.1;
  if (mark === "##") {
    pen.fillStyle = "#6b6b73";
    pen.fillRect(0, 0, 1, 1);
  } else if (mark in TURNS) {
    pen.translate(0.5, 0.5);
    pen.rotate((TURNS[mark] * Math.PI) / 2);
    pen.fillStyle = "#d0453f";
    pen.beginPath();
    pen.moveTo(0.38, 0); pen.lineTo(-0.32, 0.32); pen.lineTo(-0.32, -0.32);
    pen.fill();
  } else if ("_DL".includes(mark[0]) && mark.trim()) {
    if (mark[0] === "L") pen.fillRect(0.05, 0.05, 0.9, 0.9);
    if (mark[0] !== "_") pen.strokeRect(0.1, 0.1, 0.8, 0.8);
    else pen.fillRect(0, 0, 0.15, 1);
    if (mark[0] === "L") { pen.fillStyle = "#fff"; pen.fillRect(0.42, 0.35, 0.16, 0.3); }
  } else if (mark[0] === "K") {
    pen.beginPath(); pen.arc(0.5, 0.3, 0.15, 0, 7); pen.stroke();
    pen.fillRect(0.45, 0.42, 0.1, 0.42); pen.fillRect(0.5, 0.68, 0.16, 0.08);
  } else if (mark[0] === "O") {
    pen.beginPath(); pen.arc(0.5, 0.5, 0.3, 0, 7); pen.fill();
  } else if (mark[0] === "B") {
    pen.strokeRect(0.2, 0.2, 0.6, 0.6); pen.fillRect(0.2, 0.46, 0.6, 0.08);
  }
}

// Two sides, keys, and an address that others can open

function toggleCompare(place) {
  if (state.panes.length > 1) {
    state.panes.splice(place, 1);
    state.active = 0;
    drawPanes();
    drawList();
    return;
  }
  const at = state.shown.indexOf(state.panes[0].episode);
  const same = state.shown.find((e) => e !== state.panes[0].episode &&
    e.item === state.panes[0].episode.item && e.env === state.panes[0].episode.env);
  const other = same || state.shown[at + 1] || state.shown[at - 1];
  if (other) show(other, 1);
}

function neighbour(offset) {
  const pane = state.panes[state.active];
  const at = pane ? state.shown.indexOf(pane.episode) : -1;
  const episode = state.shown[Math.min(state.shown.length - 1, Math.max(0, at + offset))];
  if (!episode) return;
  show(episode, state.active);
  const list = $("list"), top = state.shown.indexOf(episode) * ROW;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
}

document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input, select");
  if (event.key === "Escape" && busy) busy.blur();
  if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
  const pane = state.panes[state.active];
  const node = $("panes").children[state.active];
  const keys = {
    j: () => neighbour(1), ArrowDown: () => neighbour(1),
    k: () => neighbour(-1), ArrowUp: () => neighbour(-1),
    ArrowRight: () => pane && go(pane, node, pane.step + 1),
    ArrowLeft: () => pane && go(pane, node, pane.step - 1),
    c: () => pane && toggleCompare(state.active),
    "/": () => $("search").focus(),
  };
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

function remember() {
  const parts = state.panes.map((pane) => `${pane.episode.index}.${pane.step}`);
  history.replaceState(null, "", `#${parts.join(",")}`);
}

function recall() {
  const found = location.hash.slice(1).split(",").map((part) => part.split(".").map(Number))
    .filter(([index]) => episodes[index]).slice(0, 2);
  state.panes = found.map(([index, step]) => ({
    episode: episodes[index],
    step: Math.min(step || 0, episodes[index].steps.length),
  }));
  if (!found.length && state.shown.length) state.panes = [{ episode: state.shown[0], step: 0 }];
  drawPanes();
  drawList();
  for (const turn of document.querySelectorAll(".turn.now:not([data-step='0'])")) {
    turn.scrollIntoView({ block: "nearest" });
  }
  const at = state.panes.length ? state.shown.indexOf(state.panes[0].episode) : 0;
  if (at * ROW > $("list").clientHeight - ROW) $("list").scrollTop = (at - 2) * ROW;
}

for (const id of ["family", "policy", "outcome", "order"]) $(id).addEventListener("change", refilter);
$("search").addEventListener("input", refilter);
$("list").addEventListener("scroll", drawList);
window.addEventListener("resize", drawList);
window.addEventListener("hashchange", recall);
refilter();
recall();
document.documentElement.dataset.ready = "yes";
