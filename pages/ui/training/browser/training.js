// @ts-check
/**
 * The page's charts and table: listens to the server's updates, keeps the model, draws what changed.
 *
 * NOTE [Drawing] An update only changes the model and marks charts as dirty. A chart is drawn when it is dirty, can be
 * seen, and the page has rested since the last drawing as long as that took: so drawing never takes more than half of
 * the time, and the page stays smooth on a slow computer.
 *
 * @typedef {{desk: string, language: string, words: Record<string, string>, events: string, act: string, csv: string,
 *   folder: string, plotly: string}} Envelope
 * @typedef {{attach: (key: string) => void, open: (step: {run: string, step: number}) => void}} Send
 * @typedef {import("./model.js").ChartName} ChartName
 * @typedef {import("./model.js").Row} Row
 * @typedef {import("./model.js").Update} Update
 */

import { Chart } from "./chart.js";
import { colours } from "./colours.js";
import { filled, h, setText } from "./dom.js";
import { CHARTS, Model } from "./model.js";
import { fitPicture, leafPicture, lossPicture, title } from "./pictures.js";
import { lastRecorded, Rows } from "./rows.js";
import { listen } from "./stream.js";
import { tools } from "./tools.js";

const REMEMBERED = "backstep-training-desk";
const ATTACH_AFTER_MS = [0, 500, 1200, 2500]; // the server may not have noticed yet that the last session has ended
const LISTEN_AGAIN_MS = 1500;
const LISTEN_TRIES = 20;
const REST_MS = 90; // between two drawings of one chart
const OF_THE_RUN = /** @type {ChartName[]} */ (["fit", "norm", "value"]); // drawn of the run that is looked at

/** @param {HTMLElement} root @param {Envelope} envelope @param {Send} send */
export function mount(root, envelope, send) {
  const page = new Page(root, envelope, send);
  return { update: (/** @type {Envelope} */ next) => page.update(next), destroy: () => page.destroy() };
}

class Page {
  /** @param {HTMLElement} root @param {Envelope} envelope @param {Send} send */
  constructor(root, envelope, send) {
    this.root = root;
    this.send = send;
    this.envelope = envelope;
    this.model = new Model();
    this.dirty = new Set(CHARTS);
    /** @type {Map<string, import("./smooth.js").Smoother>} */
    this.smoothers = new Map();
    /** @type {import("./pictures.js").View} */
    this.view = { log: true, smooth: 0, byEpoch: false, epochSteps: 0, run: null, isTouch: matchMedia("(pointer: coarse)").matches };
    /** @type {Map<ChartName, Chart>} */
    this.charts = new Map();
    /** @type {Map<string, number>} */
    this.waiting = new Map(); // run -> recorded steps it had when the next was asked for
    /** @type {{step: number, after: Set<string>} | null} */
    this.wanted = null; // a step to open as soon as some run has recorded it
    /** @type {Set<string>} */
    this.stopping = new Set();
    this.failures = 0;
    this.timer = 0;
    this.isGone = false;
    this.isLost = false; // the server cannot be asked for anything now
    /** @type {(() => void) | null} */
    this.close = null;
    this.seen = () => this.schedule();
    document.addEventListener("visibilitychange", this.seen);
    document.addEventListener("scroll", this.seen, { capture: true, passive: true });
    this.parts = this.made(envelope.words);
    this.ink = colours(root);
    this.place();
    this.begin(envelope);
    this.load();
  }

  // --- what the page says -------------------------------------------------------------------------

  /** @param {Envelope} next */
  update(next) {
    const last = this.envelope;
    if (next.language !== last.language) this.build(next);
    this.ink = colours(this.root);
    if (next.desk !== last.desk) this.model.leaveBehind(next.words.gone);
    if (next.desk !== last.desk || next.language !== last.language) this.begin(next);
    this.envelope = next;
    this.touch(CHARTS);
    this.showRows();
  }

  destroy() {
    this.isGone = true;
    clearTimeout(this.timer);
    this.close?.();
    document.removeEventListener("visibilitychange", this.seen);
    document.removeEventListener("scroll", this.seen, { capture: true });
    for (const chart of this.charts.values()) chart.destroy();
  }

  /** All elements, in the envelope's language. @param {Envelope} envelope */
  build(envelope) {
    for (const chart of this.charts.values()) chart.destroy();
    this.charts.clear();
    this.envelope = envelope;
    this.parts = this.made(envelope.words);
    this.place();
  }

  /** @param {Record<string, string>} words */
  made(words) {
    const rows = new Rows(words, {
      act: (what, run, more) => this.act(what, run, more),
      choose: (run) => this.choose(run),
      record: (row) => this.record(row),
      before: (row, step) => this.before(row, step),
      open: (run, step) => this.send.open({ run, step }),
    });
    const status = h("p", { class: "status", role: "status", "data-testid": "status", hidden: true });
    const empty = h("p", { class: "empty", "data-testid": "empty" }, words.nothing);
    const places = {
      loss: this.figure("loss", words.loss, words),
      fit: this.figure("fit", words.fit, words),
      norm: this.figure("norm", words.norms, words),
      value: this.figure("value", words.values, words),
    };
    const used = tools(words, this.view, {
      changed: (names) => this.changed(names),
      csv: () => `${this.envelope.csv}?lang=${this.envelope.language}`,
    });
    const output = h("pre", { tabindex: "0", "data-testid": "output" });
    const outputHead = h("summary");
    const printed = h("details", { class: "output", ontoggle: () => this.showOutput() }, outputHead, output);
    const charted = h("div", { class: "charts" }, ...CHARTS.map((name) => places[name].figure));
    const below = h("div", { class: "below" }, used.element, charted, printed);
    return { rows, status, empty, places, tools: used, output, outputHead, printed, charted, below };
  }

  place() {
    const { status, empty, rows, below } = this.parts;
    this.root.className = "bs-training";
    this.root.dataset.testid = "training";
    this.root.replaceChildren(this.styles(), status, empty, rows.element, below);
    this.ink = colours(this.root);
    this.openCharts();
    this.showRows();
  }

  styles() {
    const link = h("link", { rel: "stylesheet", href: `${this.envelope.folder}training.css` });
    this.root.hidden = true; // without its style sheet a chart would be drawn over its neighbours
    link.onload = link.onerror = () => {
      this.root.hidden = false;
      this.touch(CHARTS);
    };
    return link;
  }

  /** @param {ChartName} name @param {string} title @param {Record<string, string>} words */
  figure(name, title, words) {
    const plot = h("div", { class: "plot", "data-testid": `chart-${name}`, "data-points": "0", role: "img", "aria-label": title });
    const whose = h("span", { class: "whose" });
    const none = h("p", { class: "none" }, words.waits);
    /** @param {string} text @param {string} label @param {() => void} onclick */
    const button = (text, label, onclick) => h("button", { type: "button", class: "small-act", title: label, "aria-label": label, onclick }, text);
    const save = (/** @type {"png" | "svg"} */ format) =>
      button(format.toUpperCase(), filled(words.picture, { format: format.toUpperCase() }), () => this.charts.get(name)?.save(format, `backstep-${name}`));
    const whole = button("⤢", words.whole, () => this.charts.get(name)?.whole());
    const head = h("figcaption", {}, h("span", { class: "title" }, title), whose, h("span", { class: "saves" }, whole, save("png"), save("svg")));
    return { figure: h("figure", { class: `chart ${name}` }, head, plot, none), plot, whose, none };
  }

  async load() {
    await script(this.envelope.plotly);
    this.openCharts();
  }

  openCharts() {
    const plotly = /** @type {{Plotly?: import("./chart.js").Plotly}} */ (window).Plotly;
    if (!plotly || this.isGone || this.charts.size) return;
    for (const name of CHARTS) this.charts.set(name, new Chart(plotly, this.parts.places[name].plot));
    this.touch(CHARTS);
  }

  // --- the server ---------------------------------------------------------------------------------

  /** Listens to a desk; the one that this tab had before it was loaded anew is asked for first. @param {Envelope} envelope */
  begin(envelope) {
    this.envelope = envelope;
    const last = sessionStorage.getItem(REMEMBERED);
    if (last && last !== envelope.desk && this.isBare) this.attach(last, envelope.desk, 0);
    else sessionStorage.setItem(REMEMBERED, envelope.desk);
    this.listen();
  }

  /** Whether there is nothing here that this page's desk has started. */
  get isBare() {
    return this.model.order.every((id) => this.model.gone.includes(id) || this.model.rows.get(id)?.example);
  }

  /** @param {string} last @param {string} own @param {number} nth */
  attach(last, own, nth) {
    setTimeout(() => {
      if (this.isGone || this.envelope.desk !== own) return;
      if (nth >= ATTACH_AFTER_MS.length || !this.isBare) sessionStorage.setItem(REMEMBERED, own);
      else {
        this.send.attach(last);
        this.attach(last, own, nth + 1);
      }
    }, ATTACH_AFTER_MS[nth] ?? 1000);
  }

  listen() {
    this.close?.();
    const { events, language } = this.envelope;
    const steps = this.view.epochSteps > 0 ? `&steps=${this.view.epochSteps}` : "";
    const address = `${events}?lang=${language}${this.view.byEpoch ? `&per=epoch${steps}` : ""}`;
    const close = listen(address, {
      fresh: () => {
        this.model.forgetCurves();
        this.failures = 0;
        this.lost(false, "");
      },
      update: (update) => this.take(update),
      lost: () => this.lost(true, this.envelope.words.lost),
      ended: () => this.again(),
    });
    this.close = close;
  }

  /** The session was not connected for a moment, or has ended. */
  again() {
    this.failures += 1;
    if (this.isGone || this.failures > LISTEN_TRIES) return this.ended();
    this.lost(true, this.envelope.words.lost);
    const { events } = this.envelope;
    setTimeout(() => !this.isGone && events === this.envelope.events && this.listen(), LISTEN_AGAIN_MS);
  }

  /** @param {boolean} isLost @param {string} text */
  lost(isLost, text) {
    this.isLost = isLost;
    this.say(text);
    this.showRows();
  }

  ended() {
    this.model.leaveBehind(this.envelope.words.gone);
    this.lost(true, this.envelope.words.ended);
  }

  /** @param {Update} update */
  take(update) {
    const known = new Set(this.model.order);
    const changed = this.model.apply(update);
    const started = this.model.order.filter((id) => !known.has(id));
    const last = this.view.run;
    if (started.length) this.view.run = started[0];
    if (!this.model.rows.has(this.view.run ?? "")) this.view.run = this.model.order[0] ?? null;
    if (this.view.run !== last) for (const name of OF_THE_RUN) changed.add(name);
    if (update.runs.length) changed.add("loss"); // its marks
    this.touch(changed);
    this.openRecorded();
    this.showRows();
  }

  /** @param {string} what @param {string} run */
  async act(what, run, more = {}) {
    if (what === "remove" && this.model.drop(run)) return this.dropped();
    if (what === "stop") this.stopping.add(run);
    this.showRows();
    const answer = await fetch(this.envelope.act, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ what, run, ...more }),
    }).catch(() => null);
    if (!answer || !answer.ok) {
      this.stopping.delete(run);
      const { words } = this.envelope;
      this.say(answer ? words.refused : words.lost);
      this.showRows();
    }
    return Boolean(answer?.ok);
  }

  dropped() {
    if (!this.model.rows.has(this.view.run ?? "")) this.view.run = this.model.order[0] ?? null;
    this.touch(CHARTS);
    this.showRows();
    return true;
  }

  // --- recorded steps -----------------------------------------------------------------------------

  /** @param {Row} row */
  async record(row) {
    this.waiting.set(row.id, lastRecorded(row));
    this.showRows();
    if (!(await this.act("record", row.id))) this.waiting.delete(row.id);
  }

  /** @param {Row} row @param {number} step */
  async before(row, step) {
    if (row.recorded.some(([known]) => known === step)) return this.send.open({ run: row.id, step });
    this.wanted = { step, after: new Set(this.model.order) };
    this.say(filled(this.envelope.words.again, { step }));
    if (!(await this.act("before", row.id))) this.wanted = null;
  }

  /** What was asked for opens as soon as it is there. */
  openRecorded() {
    for (const [run, had] of this.waiting) {
      const row = this.model.rows.get(run);
      const is = row ? lastRecorded(row) : 0;
      if (row && is > had) this.leaveFor(run, is);
      if (!row || is > had || row.phase === "ended" || row.notes.some(({ refused }) => refused === "record_next")) this.waiting.delete(run);
    }
    const { wanted } = this;
    if (!wanted) return;
    const again = this.model.order.flatMap((id) => this.model.rows.get(id) ?? []).find(({ id, record }) => !wanted.after.has(id) && record.length);
    const isRecorded = again?.recorded.some(([step]) => step === wanted.step);
    if (!again || (!isRecorded && again.phase !== "ended")) return;
    this.wanted = null;
    if (isRecorded) this.leaveFor(again.id, wanted.step);
    else this.say(this.envelope.words.not_recorded);
  }

  /** @param {string} run @param {number} step */
  leaveFor(run, step) {
    this.say("");
    this.send.open({ run, step });
  }

  // --- showing ------------------------------------------------------------------------------------

  /** @param {string} text */
  say(text) {
    this.parts.status.hidden = !text;
    setText(this.parts.status, text);
  }

  /** @param {string} run */
  choose(run) {
    this.view.run = run;
    this.touch(OF_THE_RUN);
    this.showRows();
  }

  /** A tool was used. @param {string[]} names */
  changed(names) {
    if (names.includes("server")) this.listen();
    this.touch(CHARTS);
    this.showRows();
  }

  showRows() {
    const rows = this.model.order.flatMap((id) => this.model.rows.get(id) ?? []);
    for (const row of rows) if (row.phase === "ended") this.stopping.delete(row.id);
    const { words } = this.envelope;
    const paused = (/** @type {string} */ id) => this.model.rows.get(id)?.phase === "paused";
    const waiting = new Map([...this.waiting.keys()].map((id) => [id, paused(id) ? words.recording_paused : words.recording]));
    this.parts.rows.show(rows, { chosen: rows.length > 1 ? this.view.run : null, ink: this.ink, waiting, stopping: this.stopping, isLost: this.isLost, gone: this.model.gone });
    this.parts.empty.hidden = rows.length > 0;
    this.parts.below.hidden = rows.length === 0;
    this.parts.tools.show(rows, this.view, this.model);
    this.showOutput();
    const row = this.model.rows.get(this.view.run ?? "");
    for (const name of /** @type {ChartName[]} */ (["norm", "value"])) setText(this.parts.places[name].whose, rows.length > 1 && row ? title(row) : "");
    this.showFigures(rows);
  }

  /** Which charts there is something for; the loss is wide where no data are drawn. @param {Row[]} rows */
  showFigures(rows) {
    const has = {
      loss: true,
      fit: rows.some(({ id }) => this.model.series.get(id)?.fit && this.model.series.get(id)?.x),
      norm: this.model.curvesOf("norm").length > 0,
      value: this.model.curvesOf("value").length > 0,
    };
    for (const name of CHARTS) {
      const place = this.parts.places[name];
      place.figure.hidden = !has[name];
      const drawn = name === "loss" ? rows : rows.filter(({ id }) => id === this.view.run);
      place.none.hidden = name === "fit" || drawn.some(({ id }) => this.model.curvesOf(name, id).length);
      const isOver = drawn.every(({ phase }) => phase === "ended");
      place.plot.classList.toggle("is-empty", name !== "fit" && !place.none.hidden);
      setText(place.none, isOver ? this.envelope.words.no_points : this.envelope.words.waits);
    }
    this.parts.charted.classList.toggle("no-fit", !has.fit);
    this.parts.charted.classList.toggle("only-loss", !has.fit && !has.norm && !has.value);
  }

  showOutput() {
    const output = this.model.outputs.get(this.view.run ?? "");
    this.parts.printed.hidden = !output;
    if (!output) return;
    const { words } = this.envelope;
    const n = output.n.toLocaleString("en-US");
    const isCut = output.n > output.tail.split("\n").length;
    setText(this.parts.outputHead, `${words.output} · ${filled(isCut ? words.output_cut : words.output_lines, { n })}`);
    if (!this.parts.printed.open) return;
    const isAtEnd = this.parts.output.scrollTop + this.parts.output.clientHeight >= this.parts.output.scrollHeight - 4;
    setText(this.parts.output, output.tail);
    if (isAtEnd) this.parts.output.scrollTop = this.parts.output.scrollHeight;
  }

  /** @param {Iterable<ChartName>} names */
  touch(names) {
    for (const name of names) this.dirty.add(name);
    this.schedule();
  }

  schedule(after = 0) {
    if (this.timer || this.isGone) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.drawNext();
    }, after);
  }

  /** Draws the dirty chart that has waited longest; see NOTE [Drawing]. */
  async drawNext() {
    const now = performance.now();
    const ready = [...this.dirty].filter((name) => this.canDraw(name));
    if (!ready.length || document.hidden) return; // a scroll, an update or a look at the tab comes back here
    const name = ready.reduce((a, b) => (this.at(a) <= this.at(b) ? a : b));
    if (this.at(name) > now) return this.schedule(this.at(name) - now);
    this.dirty.delete(name);
    const chart = /** @type {Chart} */ (this.charts.get(name));
    const isFirst = !chart.drawn;
    await chart.draw(this.picture(name));
    const cost = performance.now() - now;
    chart.nextAt = performance.now() + Math.max(REST_MS, 2 * cost);
    this.schedule(isFirst ? 0 : cost); // no chart waits empty for another one's rest
  }

  /** @param {ChartName} name */
  at(name) {
    return this.charts.get(name)?.nextAt ?? 0;
  }

  /** @param {ChartName} name */
  canDraw(name) {
    const chart = this.charts.get(name);
    if (!chart || chart.isBusy || this.parts.places[name].figure.hidden || this.parts.below.hidden) return false;
    const { top, bottom, width } = chart.element.getBoundingClientRect();
    return width > 0 && bottom > -100 && top < innerHeight + 100;
  }

  /** @param {ChartName} name */
  picture(name) {
    const scene = { model: this.model, view: this.view, ink: this.ink, words: this.envelope.words, smoothers: this.smoothers };
    if (name === "loss") return lossPicture(scene);
    return name === "fit" ? fitPicture(scene) : leafPicture(scene, name);
  }
}

/** @type {Map<string, Promise<void>>} */
const scripts = new Map();

/** Runs a script once in this document. @param {string} address */
function script(address) {
  if (!scripts.has(address)) {
    const loaded = /** @type {Promise<void>} */ (new Promise((resolve, reject) => {
      const element = h("script", { src: address });
      element.onload = () => resolve(undefined);
      element.onerror = () => reject(new Error(`could not load ${address}`));
      document.head.append(element);
    }));
    scripts.set(address, loaded);
  }
  return scripts.get(address);
}
