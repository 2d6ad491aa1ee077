// @ts-check
/** What each chart shows of the model: lines, axes and marks as Plotly takes them. */

import { colourOf, DASHES } from "./colours.js";
import { filled, plain } from "./dom.js";
import { sortedPairs } from "./model.js";
import { Smoother } from "./smooth.js";

const MARKS_MOST = 12; // of one run: beyond, only the last ones have a line
const DECADES_ABOVE = 2;
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("./colours.js").Colours} Colours
 * @typedef {import("./model.js").Row} Row
 * @typedef {import("./model.js").Curve} Curve
 * @typedef {import("./chart.js").Picture} Picture
 * @typedef {import("./chart.js").Line} Line
 * @typedef {import("./chart.js").Look} Look
 * @typedef {import("./chart.js").Layout} Layout
 * @typedef {{log: boolean, smooth: number, byEpoch: boolean, epochSteps: number, run: string | null, isTouch: boolean}} View
 * @typedef {{model: Model, view: View, ink: Colours, words: Record<string, string>, smoothers: Map<string, Smoother>}} Scene
 */

/** @param {Scene} scene @returns {Picture} */
export function lossPicture(scene) {
  const { model, view, ink, words } = scene;
  const curves = model.curvesOf("loss");
  /** @type {Line[]} */
  const lines = [];
  for (const curve of curves) {
    const row = /** @type {Row} */ (model.rows.get(curve.run));
    const line = lineOf(row, ink, curves.filter(({ run }) => run === curve.run).indexOf(curve));
    const isOneOfSeveral = curves.some((other) => other.run === curve.run && other !== curve);
    const name = plain(isOneOfSeveral ? `${title(row)} · ${filled(words.loss_line, { line: curve.of })}` : title(row));
    const key = `${curve.run}|${curve.of}`;
    const mode = view.byEpoch || curve.xs.length < 2 ? "lines+markers" : "lines";
    const isSmoothed = view.smooth > 0 && !view.byEpoch;
    lines.push(straight(key, curve, { name, mode, line, opacity: isSmoothed ? 0.3 : 1, showlegend: !isSmoothed, legendgroup: key }));
    if (isSmoothed) {
      const ys = smoothed(scene, key, curve);
      const look = { name, mode: "lines", line: { ...line, width: 2.5 }, legendgroup: key };
      lines.push({ key: `${key}|smooth`, generation: curve.generation, xs: curve.xs, ys, look });
    }
  }
  const layout = layoutOf(scene, view.byEpoch ? words.epoch : words.step, { type: view.log ? "log" : "linear" });
  layout.showlegend = lines.length > 1;
  if (view.log) Object.assign(layout.yaxis, sensible(scene, curves));
  const { shapes, annotations } = marks(scene);
  Object.assign(layout, { shapes, annotations });
  return { lines, layout, nPoints: points(curves) };
}

/** Gradient norms or parameter values of the run that is looked at. @param {Scene} scene @param {"norm" | "value"} chart @returns {Picture} */
export function leafPicture(scene, chart) {
  const { model, view, ink, words } = scene;
  const curves = model.curvesOf(chart, view.run ?? "").sort((a, b) => a.of.localeCompare(b.of, "en", { numeric: true })); // they are told in turns
  const leaves = [...new Set(curves.map(({ of }) => leafOf(of).leaf))];
  const lines = curves.map((curve) => {
    const { leaf, part } = leafOf(curve.of);
    const i = leaves.indexOf(leaf);
    const isEdge = part === "min" || part === "max"; // of a large leaf: around its mean, in its colour
    const dash = isEdge ? "dot" : DASHES[Math.floor(i / ink.palette.length) % DASHES.length];
    const mode = curve.xs.length < 2 ? "markers" : "lines";
    const look = { name: plain(isEdge ? curve.of : leaf), mode, line: { color: colourOf(ink, i), dash, width: isEdge ? 1.2 : 1.8 } };
    return straight(`${curve.run}|${curve.of}`, curve, { ...look, legendgroup: leaf, showlegend: !isEdge });
  });
  const layout = layoutOf(scene, words.step, { type: chart === "norm" ? "log" : "linear" });
  layout.showlegend = true;
  layout.uirevision = `${chart} ${view.run}`;
  return { lines, layout, nPoints: points(curves) };
}

/** The data and each run's current fit. @param {Scene} scene @returns {Picture} */
export function fitPicture(scene) {
  const { model, view, ink, words } = scene;
  const runs = model.order.filter((id) => model.series.get(id)?.fit && model.series.get(id)?.x);
  /** @type {Line[]} */
  const lines = [];
  const first = runs.includes(view.run ?? "") ? view.run : runs[runs.length - 1];
  const data = model.series.get(first ?? "");
  if (data?.x && data.y && data.y.length === data.x.length) {
    const [xs, ys] = sortedPairs(data.x.values, data.y.values);
    const look = { name: words.data, mode: "markers", marker: { color: ink.faint, size: 4, opacity: 0.6 } };
    lines.push({ key: `data ${first}`, generation: data.x.generation + data.y.generation, xs, ys, look });
  }
  for (const id of runs) {
    const { x, fit } = model.series.get(id) ?? {};
    const row = model.rows.get(id);
    if (!row || !x || !fit || x.length !== fit.length) continue; // thinned alike only where they are as long
    const [xs, ys] = sortedPairs(x.values, fit.values);
    lines.push({ key: id, generation: x.generation + fit.generation, xs, ys, look: { name: plain(title(row)), mode: "lines", line: { ...lineOf(row, ink, 0), width: 2.5 } } });
  }
  const layout = layoutOf(scene, plain(data?.x?.name ?? ""), { type: "linear" });
  layout.yaxis.title = { text: plain(data?.y?.name ?? ""), standoff: 4, font: { size: 13 } };
  layout.legend = { ...layout.legend, orientation: "v", x: 0.01, y: 0.99, yanchor: "top", bgcolor: "rgba(0,0,0,0)" };
  layout.showlegend = lines.length <= 3; // more have the colours and dashes of the loss chart's legend
  return { lines, layout, nPoints: lines.reduce((sum, { xs }) => sum + xs.length, 0) };
}

/** "w mean" is a part of the leaf w; "w[0]" and "w" stand for themselves. @param {string} of */
function leafOf(of) {
  const [, leaf, part] = /^(.*) (mean|min|max)$/.exec(of) ?? ["", of, ""];
  return { leaf, part };
}

/** @param {Row} row */
export function title(row) {
  return `${row.number} · ${row.name}`;
}

/** A run's colour and dash; further curves of the same run have other dashes. @param {Row} row @param {Colours} ink @param {number} nth */
export function lineOf(row, ink, nth) {
  const i = row.number - 1;
  return { color: colourOf(ink, i), dash: DASHES[(i + nth) % DASHES.length], width: 1.8 };
}

/** @param {string} key @param {Curve} curve @param {Look} look @returns {Line} */
function straight(key, { generation, xs, ys }, look) {
  return { key, generation, xs, ys, look };
}

/** How many measured points the curves stand for: this only grows, however a long curve is thinned. @param {Curve[]} curves */
function points(curves) {
  return curves.reduce((sum, { n }) => sum + n, 0);
}

/** @param {Scene} scene @param {string} key @param {Curve} curve */
function smoothed({ smoothers, view }, key, curve) {
  const name = `${key}|${curve.generation}|${view.smooth}`;
  let known = smoothers.get(name);
  if (!known) {
    for (const old of [...smoothers.keys()]) if (old.startsWith(`${key}|`)) smoothers.delete(old);
    known = new Smoother(view.smooth);
    smoothers.set(name, known);
  }
  return known.grown(curve.xs, curve.ys);
}

/** A run that diverges leaves the others visible: the axis ends some decades above where all began. @param {Scene} scene @param {Curve[]} curves */
function sensible({ model }, curves) {
  const positive = curves.map(({ ys }) => ys.filter((y) => y > 0)).filter(({ length }) => length);
  const hasDiverged = curves.some(({ run }) => model.rows.get(run)?.not_finite);
  if (!hasDiverged || positive.length < 2) return {};
  const top = Math.ceil(Math.log10(Math.max(...positive.map(([first]) => first)))) + DECADES_ABOVE;
  const low = Math.floor(Math.log10(Math.min(...positive.map((ys) => ys.reduce((a, b) => Math.min(a, b))))));
  return { range: [Math.min(low, top - 1), top], autorange: false };
}

/** Upright lines where a learning rate was changed or a loss stopped being finite. @param {Scene} scene */
function marks({ model, view, ink, words }) {
  const shapes = /** @type {import("./chart.js").Shape[]} */ ([]);
  const annotations = /** @type {import("./chart.js").Annotation[]} */ ([]);
  /** @param {Row} row @param {number} step @param {string} text @param {string} color @param {string} dash */
  const add = (row, step, text, color, dash) => {
    if (view.byEpoch && !row.epoch) return;
    const x = view.byEpoch ? step / row.epoch : step;
    const level = 1 - 0.07 * (annotations.length % 4);
    shapes.push({ type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, line: { color, dash, width: 1.2 } });
    annotations.push({ x, xref: "x", y: level, yref: "paper", yanchor: "top", xanchor: "left", text, showarrow: false, bgcolor: ink.ground, font: { size: 12, color } });
  };
  for (const id of model.order) {
    const row = model.rows.get(id);
    if (!row) continue;
    for (const [step, value] of row.marks.slice(-MARKS_MOST)) add(row, step, filled(words.rate_mark, { value }), lineOf(row, ink, 0).color, "dot");
    if (row.not_finite) add(row, row.not_finite[0], `✕ ${row.not_finite[1]} · ${row.number}`, ink.bad, "dash");
  }
  return { shapes, annotations };
}

/** @param {Scene} scene @param {string} xTitle @param {{type: string}} yaxis @returns {Layout} */
function layoutOf({ ink, view }, xTitle, yaxis) {
  const axis = { color: ink.ink, gridcolor: ink.line, linecolor: ink.line, zerolinecolor: ink.line, tickfont: { size: 12 }, automargin: true };
  return {
    uirevision: `${yaxis.type} ${view.byEpoch}`,
    paper_bgcolor: ink.ground,
    plot_bgcolor: ink.ground,
    font: { family: FONT, size: 13, color: ink.ink },
    margin: { l: 8, r: 12, t: 8, b: 8 },
    xaxis: { ...axis, title: { text: xTitle, standoff: 4, font: { size: 13 } } },
    yaxis: { ...axis, exponentformat: "power", ...yaxis, ...(yaxis.type === "log" ? { nticks: 6, tickfont: { size: 10 } } : {}) },
    legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom", font: { size: 12 } },
    hoverlabel: { font: { size: 13 } },
    dragmode: view.isTouch ? false : "zoom",
    autosize: true,
  };
}
