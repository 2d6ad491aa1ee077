// @ts-check
/** The table of runs: one row each, changed in place, so that nothing under the pointer or the focus is replaced. */

import { colourOf } from "./colours.js";
import { filled, h, setAttribute, setText, withCode } from "./dom.js";

/**
 * @typedef {import("./model.js").Row} Row
 * @typedef {ReturnType<Rows["make"]>} Made
 * @typedef {{act: (what: string, run: string, more?: object) => void, choose: (run: string) => void,
 *   record: (row: Row) => void, before: (row: Row, step: number) => void, open: (run: string, step: number) => void}} Asks
 * @typedef {{chosen: string | null, ink: import("./colours.js").Colours, waiting: Map<string, string>, stopping: Set<string>,
 *   isLost: boolean, gone: string[]}} Shown
 */

const FACTORS = [2, 10];
const FIRST_STEPS = 3; // recorded of every run: no news while it goes on
const SVG = "http://www.w3.org/2000/svg";

export class Rows {
  /** @param {Record<string, string>} words @param {Asks} asks */
  constructor(words, asks) {
    this.words = words;
    this.asks = asks;
    /** @type {Map<string, Made>} */
    this.made = new Map();
    this.body = h("tbody");
    const heads = ["run", "state", "progress", "loss", "final", "rate"].map((name) => h("th", { scope: "col", class: `c-${name}` }, words[name]));
    this.element = h("table", { class: "runs", "data-testid": "runs" }, h("thead", {}, h("tr", {}, ...heads, h("td", { class: "c-acts" }))), this.body);
  }

  /** @param {Row[]} rows in order @param {Shown} view */
  show(rows, view) {
    this.element.hidden = rows.length === 0;
    for (const [id, { element }] of this.made) {
      if (!rows.some((row) => row.id === id)) {
        element.remove();
        this.made.delete(id);
      }
    }
    for (const row of rows) {
      let made = this.made.get(row.id);
      if (!made) {
        made = this.make(row);
        this.made.set(row.id, made);
        this.body.append(made.element.fragment);
      }
      this.fill(made, row, view);
    }
  }

  /** @param {Row} row */
  make(row) {
    const { words, asks } = this;
    const latest = { row };
    /** @param {string} name @param {() => void} onclick @param {...Node} content */
    const button = (name, onclick, ...content) =>
      h("button", { type: "button", class: `act ${name}`, "data-act": name, title: words[name], "aria-label": words[name], onclick }, ...content);
    const name = h("button", { type: "button", class: "name", onclick: () => asks.choose(row.id) });
    const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
    const broken = h("span", { class: "small broken" }, row.broken ? words.broken : row.example ? words.example : "");
    const state = h("span", { class: "state" });
    const device = h("span", { class: "small device" });
    const bar = h("progress", { max: 1 });
    const step = h("span", { class: "step", "data-testid": "step" });
    const speed = h("span", { class: "small speed" });
    const loss = h("td", { class: "c-loss number", "data-testid": "loss", "data-label": words.loss });
    const values = h("td", { class: "c-final number", "data-testid": "values", "data-label": words.final });
    const rate = h("span", { class: "number" });
    const rates = FACTORS.flatMap((n) => [
      h("button", { type: "button", class: "factor", title: filled(words.slower, { n }), "aria-label": filled(words.slower, { n }), onclick: () => asks.act("learning_rate", row.id, { factor: 1 / n }) }, `÷${n}`),
      h("button", { type: "button", class: "factor", title: filled(words.faster, { n }), "aria-label": filled(words.faster, { n }), onclick: () => asks.act("learning_rate", row.id, { factor: n }) }, `×${n}`),
    ]);
    const [slow, fast, slower, faster] = rates;
    const pause = button("pause", () => asks.act(latest.row.phase === "paused" ? "resume" : "pause", row.id), icon("pause"));
    const stop = button("stop", () => asks.act("stop", row.id), icon("stop"));
    const record = button("record", () => asks.record(latest.row), icon("record"), h("span", {}, words.record));
    const open = h("button", { type: "button", class: "act open", "data-act": "open", onclick: () => asks.open(row.id, lastRecorded(latest.row)) });
    const remove = button("remove", () => asks.act("remove", row.id), icon("remove"));
    const notes = h("td", { class: "notes", colspan: 7 });
    const main = h(
      "tr",
      { class: "run", "data-run": row.id, "data-testid": "run" },
      h("th", { scope: "row", class: "c-run" }, h("span", { class: "who" }, swatch, name), broken),
      h("td", { class: "c-state" }, state, device),
      h("td", { class: "c-progress" }, bar, h("span", { class: "numbers" }, step, speed)),
      loss,
      values,
      h("td", { class: "c-rate", "data-label": words.rate }, rate, h("span", { class: "factors" }, slower, slow, fast, faster)),
      h("td", { class: "c-acts" }, h("span", { class: "acts" }, record, open, pause, stop, remove)),
    );
    const told = h("tr", { class: "told" }, notes);
    const element = new Pair(main, told);
    return { element, latest, main, told, name, swatch, state, device, bar, step, speed, loss, values, rate, rates, pause, stop, record, open, remove, notes, noted: "" };
  }

  /** @param {Made} made @param {Row} row @param {Shown} shown */
  fill(made, row, { chosen, ink, waiting, stopping, isLost, gone }) {
    const { words } = this;
    made.latest.row = row;
    const isOver = row.phase === "ended";
    const isStopping = !isOver && stopping.has(row.id);
    setText(made.name, `${row.number} · ${row.name}`);
    setAttribute(made.name, "aria-pressed", String(chosen === row.id));
    made.swatch.style.background = colourOf(ink, row.number - 1);
    setAttribute(made.main, "data-phase", row.phase);
    made.main.classList.toggle("bad", row.bad);
    setText(made.state, isStopping ? words.stopping : row.state);
    setText(made.device, row.device);
    if (row.share === null) made.bar.removeAttribute("value");
    else made.bar.value = row.share;
    made.bar.classList.toggle("still", row.phase !== "running");
    setAttribute(made.bar, "aria-label", words.progress);
    const step = row.step.toLocaleString("en-US");
    setText(made.step, row.total ? filled(words.of, { step, total: row.total.toLocaleString("en-US") }) : step);
    setText(made.speed, [row.speed, row.left].filter(Boolean).join(" · "));
    setText(made.loss, row.loss || "·");
    made.loss.classList.toggle("not-finite", Boolean(row.not_finite));
    setText(made.values, row.values || "·");
    made.values.classList.toggle("is-empty", !row.values);
    made.rate.parentElement?.classList.toggle("is-empty", !row.rates);
    setText(made.rate, row.rates || "·");
    for (const one of made.rates) {
      one.hidden = isOver || !row.rates;
      one.disabled = isLost;
    }
    const isPaused = row.phase === "paused";
    setAttribute(made.pause, "title", isPaused ? words.resume : words.pause);
    setAttribute(made.pause, "aria-label", isPaused ? words.resume : words.pause);
    made.pause.classList.toggle("is-paused", isPaused);
    made.pause.hidden = made.stop.hidden = isOver;
    made.stop.disabled = made.pause.disabled = isStopping || isLost;
    made.record.hidden = isOver || row.phase === "waiting";
    made.record.disabled = waiting.has(row.id) || isStopping || isLost;
    const recorded = lastRecorded(row);
    made.open.disabled = isLost;
    made.open.hidden = !recorded || gone.includes(row.id) || (!isOver && recorded <= FIRST_STEPS);
    setText(made.open, filled(words.open, { step: recorded.toLocaleString("en-US") }));
    made.remove.hidden = !isOver || row.example;
    made.remove.disabled = isLost && !gone.includes(row.id);
    this.#notes(made, row, waiting.get(row.id));
  }

  /** @param {Made} made @param {Row} row @param {string | undefined} waiting */
  #notes(made, row, waiting) {
    const all = /** @type {Row["notes"]} */ (waiting ? [...row.notes, { kind: "note", text: waiting }] : row.notes);
    const form = JSON.stringify(all);
    made.told.hidden = all.length === 0;
    if (form === made.noted) return;
    made.noted = form;
    made.notes.replaceChildren(
      ...all.map(({ kind, text, before }) => {
        const line = h("p", { class: kind, ...(kind === "bad" ? { role: "alert" } : {}) }, ...withCode(`${kind === "bad" ? "✕ " : ""}${text} `));
        if (before && before > 1) {
          const step = (before - 1).toLocaleString("en-US");
          const onclick = () => this.asks.before(row, before - 1);
          line.append(h("button", { type: "button", class: "act", "data-act": "before", onclick }, filled(this.words.open_before, { step })));
        }
        return line;
      }),
    );
  }
}

/** Two table rows that come and go together. */
class Pair {
  constructor(/** @type {HTMLElement[]} */ ...rows) {
    this.rows = rows;
    this.fragment = document.createDocumentFragment();
    this.fragment.append(...rows);
  }

  remove() {
    for (const row of this.rows) row.remove();
  }
}

/** @param {Row} row @returns {number} the last step recorded in full; 0: none */
export function lastRecorded(row) {
  return row.recorded.length ? row.recorded[row.recorded.length - 1][0] : 0;
}

const SHAPES = {
  pause: "M5 3h3v10H5zM9.5 3h3v10h-3z",
  stop: "M4 4h9v9H4z",
  record: "M8.5 3.5a5 5 0 1 0 0.01 0z",
  remove: "M4.5 3.4 8.5 7.4 12.5 3.4 13.6 4.5 9.6 8.5 13.6 12.5 12.5 13.6 8.5 9.6 4.5 13.6 3.4 12.5 7.4 8.5 3.4 4.5z",
  resume: "M5 2.5 13.5 8.5 5 14.5z",
};

/** @param {keyof typeof SHAPES} name */
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 17 17");
  svg.setAttribute("aria-hidden", "true");
  const parts = /** @type {[keyof typeof SHAPES, string][]} */ (name === "pause" ? [["pause", "when-going"], ["resume", "when-paused"]] : [[name, ""]]);
  for (const [shape, kind] of parts) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", SHAPES[shape]);
    if (kind) path.setAttribute("class", kind);
    svg.append(path);
  }
  return svg;
}
