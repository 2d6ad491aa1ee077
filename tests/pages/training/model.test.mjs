// What the page makes of the server's updates, before anything is drawn.
import assert from "node:assert/strict";
import { test } from "node:test";

import { brightness } from "../../../pages/ui/training/browser/colours.js";
import { filled } from "../../../pages/ui/training/browser/dom.js";
import { Model, sortedPairs } from "../../../pages/ui/training/browser/model.js";
import { fitPicture, leafPicture, lossPicture } from "../../../pages/ui/training/browser/pictures.js";
import { Smoother } from "../../../pages/ui/training/browser/smooth.js";

/**
 * @typedef {import("../../../pages/ui/training/browser/model.js").Row} Row
 * @typedef {import("../../../pages/ui/training/browser/model.js").Part} Part
 * @typedef {import("../../../pages/ui/training/browser/model.js").Update} Update
 * @typedef {import("../../../pages/ui/training/browser/pictures.js").View} View
 */

/** @returns {Row} */
const row = (/** @type {string} */ id, /** @type {number} */ number, /** @type {Partial<Row>} */ more = {}) => ({
  id, number, name: `program ${id}`, broken: false, example: false, phase: "running", state: "", bad: false, step: 0, total: null, share: null,
  loss: "", speed: "", left: "", device: "", values: "", rates: "", marks: [], recorded: [], record: [], notes: [], not_finite: null, epoch: 0, ...more,
});
/** @param {string} run @param {number[]} xs @param {number[]} ys @param {Part["chart"]} chart @returns {Part} */
const part = (run, xs, ys, whole = false, of = "7", chart = "loss") => ({ run, chart, of, xs, ys, n: xs[xs.length - 1], whole });
/** @returns {Update} */
const update = (/** @type {Partial<Update>} */ more) => ({ order: ["a", "b"], runs: [], curves: [], series: [], outputs: [], ...more });

function model(/** @type {Partial<Update>[]} */ ...updates) {
  const one = new Model();
  for (const each of updates) one.apply(update(each));
  return one;
}

const words = { step: "step", epoch: "epoch", loss_line: "loss, line {line}", rate_mark: "lr {value}", data: "data" };
const ink = { ground: "#fff", ink: "#000", line: "#ccc", faint: "#777", bad: "#c00", isDark: false, palette: ["#111", "#222", "#333"] };
const scene = (/** @type {Model} */ one, /** @type {Partial<View>} */ view = {}) => ({
  model: one, view: { log: true, smooth: 0, byEpoch: false, epochSteps: 0, run: "a", isTouch: false, ...view }, ink, words, smoothers: new Map(),
});

test("points are appended, and replaced when the curve is told anew", () => {
  const one = model({ curves: [part("a", [1, 2], [5, 4], true)] }, { curves: [part("a", [3], [3])] });
  const [curve] = one.curvesOf("loss");
  assert.deepEqual([curve.xs, curve.ys, curve.generation], [[1, 2, 3], [5, 4, 3], 1]);
  one.apply(update({ curves: [part("a", [1, 3], [5, 3], true)] }));
  const [again] = one.curvesOf("loss");
  assert.deepEqual([again.xs, again.generation], [[1, 3], 2]);
});

test("an update says which charts it changed", () => {
  const one = model();
  assert.deepEqual([...one.apply(update({ curves: [part("a", [1], [1], true, "w", "norm")] }))], ["norm"]);
  assert.deepEqual([...one.apply(update({ series: [{ run: "a", role: "x", name: "x", values: [1], length: 1 }] }))], ["fit"]);
});

test("a run that is gone takes its curves along", () => {
  const one = model({ runs: [row("a", 1), row("b", 2)], curves: [part("a", [1], [1], true), part("b", [1], [2], true)] });
  one.apply(update({ order: ["b"] }));
  assert.deepEqual(one.curvesOf("loss").map(({ run }) => run), ["b"]);
  assert.equal(one.rows.has("a"), false);
});

test("a fit is a line from left to right without what is no number", () => {
  assert.deepEqual(sortedPairs([3, 1, 2, null], [30, 10, null, 5]), [[1, 3], [10, 30]]);
});

test("smoothing weighs points by their distance in steps and only looks at new ones", () => {
  const one = new Smoother(10);
  assert.deepEqual([...one.grown([0], [1])], [1]);
  const [, far] = one.grown([0, 1000], [1, 0]);
  assert.ok(far < 1e-6, "a point far away counts fully");
  const near = new Smoother(10).grown([0, 1], [1, 0])[1];
  assert.ok(Math.abs(near - Math.exp(-0.1)) < 1e-12);
  const whole = new Smoother(10).grown([0, 1, 5], [1, 0, 3]);
  const grown = new Smoother(10);
  grown.grown([0, 1], [1, 0]);
  assert.deepEqual([...grown.grown([0, 1, 5], [1, 0, 3])], [...whole]);
});

test("every run is a line with a colour, a dash and a number of its own", () => {
  const one = model({ runs: [row("a", 1), row("b", 2)], curves: [part("a", [1, 2], [1, 2], true), part("b", [1, 2], [2, 3], true)] });
  const { lines, layout, nPoints } = lossPicture(scene(one));
  assert.equal(nPoints, 4);
  assert.deepEqual(lines.map(({ look }) => look.name), ["1 · program a", "2 · program b"]);
  assert.notEqual(lines[0].look.line?.color, lines[1].look.line?.color);
  assert.notEqual(lines[0].look.line?.dash, lines[1].look.line?.dash);
  assert.equal(layout.yaxis.type, "log");
  assert.equal(lossPicture(scene(one, { log: false })).layout.yaxis.type, "linear");
});

test("several losses of one run are told apart by their lines", () => {
  const one = model({ runs: [row("a", 1)], curves: [part("a", [1], [1], true, "7"), part("a", [2], [1], true, "12")] });
  const names = lossPicture(scene(one)).lines.map(({ look }) => look.name);
  assert.deepEqual(names, ["1 · program a · loss, line 7", "1 · program a · loss, line 12"]);
});

test("a smoothed curve stands before its own points", () => {
  const one = model({ runs: [row("a", 1)], curves: [part("a", [1, 2, 3], [1, 5, 1], true)] });
  const { lines, nPoints } = lossPicture(scene(one, { smooth: 5 }));
  assert.deepEqual(lines.map(({ key }) => key), ["a|7", "a|7|smooth"]);
  assert.ok(Number(lines[0].look.opacity) < 0.5 && lines[1].ys[1] < 5);
  assert.equal(nPoints, 3);
});

test("a changed learning rate and a loss that is no number are upright lines at their step", () => {
  const one = model({ runs: [row("a", 1, { marks: [[40, "0.01"]], not_finite: [88, "NaN"], epoch: 20 })] });
  const marks = lossPicture(scene(one)).layout;
  assert.deepEqual(marks.shapes?.map(({ x0 }) => x0), [40, 88]);
  assert.deepEqual(marks.annotations?.map(({ text }) => text), ["lr 0.01", "✕ NaN · 1"]);
  assert.deepEqual(lossPicture(scene(one, { byEpoch: true })).layout.shapes?.map(({ x0 }) => x0), [2, 4.4]);
});

test("a run that diverges leaves the others visible", () => {
  const rows = [row("a", 1), row("b", 2, { not_finite: [4, "∞"] })];
  const one = model({ runs: rows, curves: [part("a", [1, 2], [50, 0.2], true), part("b", [1, 2, 3], [50, 1e9, 1e30], true)] });
  assert.deepEqual(lossPicture(scene(one)).layout.yaxis.range, [-1, 4]);
  assert.equal(lossPicture(scene(one, { log: false })).layout.yaxis.range, undefined);
  assert.equal(lossPicture(scene(model({ runs: [row("a", 1)], curves: [part("a", [1], [5], true)] }))).layout.yaxis.range, undefined);
});

test("leaves of the chosen run alone are drawn", () => {
  const one = model({ runs: [row("a", 1), row("b", 2)], curves: [part("a", [1], [1], true, "w", "norm"), part("b", [1], [2], true, "v", "norm")] });
  assert.deepEqual(leafPicture(scene(one), "norm").lines.map(({ look }) => look.name), ["w"]);
  assert.deepEqual(leafPicture(scene(one, { run: "b" }), "norm").lines.map(({ look }) => look.name), ["v"]);
});

test("leaves have an order and colours of their own, whichever was told first", () => {
  const drawn = (/** @type {string[]} */ names) => {
    const curves = names.map((of) => part("a", [1], [1], true, of, "value"));
    return leafPicture(scene(model({ runs: [row("a", 1)], curves })), "value").lines.map(({ look }) => [look.name, look.line?.color]);
  };
  assert.deepEqual(drawn(["w[10]", "b", "w[2]"]), [["b", "#111"], ["w[2]", "#222"], ["w[10]", "#333"]]);
  assert.deepEqual(drawn(["w[2]", "w[10]", "b"]), drawn(["w[10]", "b", "w[2]"]));
});

test("a large leaf has its mean with its lowest and highest element around it in one colour", () => {
  const parts = ["w mean", "w min", "w max", "b[0]"].map((of) => part("a", [1, 2], [1, 2], true, of, "value"));
  const { lines } = leafPicture(scene(model({ runs: [row("a", 1)], curves: parts })), "value");
  assert.deepEqual(lines.map(({ look }) => [look.name, look.line?.color, look.showlegend]), [
    ["b[0]", "#111", true], ["w max", "#222", false], ["w", "#222", true], ["w min", "#222", false],
  ]);
});

test("data are points, each run's fit a line through them; lengths that differ are left out", () => {
  /** @param {string} run @param {"x" | "y" | "fit"} role @param {number[]} values */
  const series = (run, role, values) => ({ run, role, name: role, values, length: values.length });
  const one = model({
    runs: [row("a", 1), row("b", 2)],
    series: [series("a", "x", [2, 1]), series("a", "y", [4, 2]), series("a", "fit", [3, 1]), series("b", "x", [2, 1]), { ...series("b", "fit", [1, 3]), length: 640 }],
  });
  const { lines } = fitPicture(scene(one));
  assert.deepEqual(lines.map(({ key, xs, ys }) => [key, xs, ys]), [["data a", [1, 2], [2, 4]], ["a", [1, 2], [1, 3]]]);
  one.apply(update({ series: [series("a", "fit", [5, 4])] }));
  const [, moved] = fitPicture(scene(one)).lines;
  assert.deepEqual([moved.ys, moved.generation > lines[1].generation], [[4, 5], true]);
});

test("texts are filled by name and themes told by their ground", () => {
  assert.equal(filled("{n} of {total} {other}", { n: 1, total: 2 }), "1 of 2 {other}");
  assert.ok(brightness("#12161c") < 128 && brightness("rgb(255, 255, 255)") > 128);
});

test("runs that the server has forgotten stay as they were seen until they are removed", () => {
  const one = model({ runs: [row("a", 1), row("b", 2, { phase: "ended", state: "finished" })], curves: [part("a", [1, 2], [5, 4], true)] });
  one.leaveBehind("lost");
  one.forgetCurves();
  one.apply(update({ order: ["c"], runs: [row("c", 1)] }));
  assert.deepEqual(one.order, ["a", "b", "c"]);
  assert.deepEqual([one.rows.get("a")?.phase, one.rows.get("a")?.state, one.rows.get("b")?.state], ["ended", "lost", "finished"]);
  assert.equal(one.curvesOf("loss", "a").length, 1);
  assert.deepEqual([one.drop("c"), one.drop("a"), one.order], [false, true, ["b", "c"]]);
  assert.equal(one.curvesOf("loss").length, 0);
  one.apply(update({ order: ["b", "c"] })); // found again
  assert.deepEqual([one.order, one.gone], [["b", "c"], []]);
});

test("everybody's example is not kept when the desk is another one", () => {
  const one = model({ order: ["a"], runs: [row("a", 1, { phase: "ended", example: true })] });
  one.leaveBehind("lost");
  one.apply(update({ order: [] }));
  assert.deepEqual(one.order, []);
});
