// @ts-check
/**
 * What the page knows of its runs, put together from the server's updates. No drawing here.
 *
 * @typedef {object} Row a run in words and numbers, see summary.py
 * @property {string} id
 * @property {number} number
 * @property {string} name
 * @property {boolean} broken
 * @property {boolean} example everybody's: it cannot be removed
 * @property {"waiting" | "running" | "paused" | "ended"} phase
 * @property {string} state
 * @property {boolean} bad
 * @property {number} step
 * @property {number | null} total
 * @property {number | null} share
 * @property {string} loss
 * @property {string} speed
 * @property {string} left
 * @property {string} device
 * @property {string} values
 * @property {string} rates
 * @property {[number, string][]} marks
 * @property {[number, number][]} recorded
 * @property {number[]} record steps that this run was started to record
 * @property {[number, string] | null} not_finite
 * @property {{kind: "note" | "bad", text: string, before?: number, refused?: string}[]} notes
 * @property {number} epoch steps of an epoch; 0: not known
 *
 * @typedef {object} Curve
 * @property {string} run
 * @property {"loss" | "norm" | "value"} chart
 * @property {string} of
 * @property {number[]} xs
 * @property {number[]} ys
 * @property {number} n how many were measured; of a long curve not all are told
 * @property {number} generation rises when all points are replaced; otherwise points are only appended
 *
 * @typedef {{run: string, role: "x" | "y" | "fit", name: string, values: (number | null)[], length: number, generation: number}} Series
 * @typedef {{run: string, n: number, tail: string}} Output
 * @typedef {Curve["chart"] | "fit"} ChartName
 * @typedef {Omit<Curve, "generation"> & {whole: boolean}} Part points that are new; `whole`: all that there are
 * @typedef {{order: string[], runs: Row[], curves: Part[], series: Omit<Series, "generation">[], outputs: Output[]}} Update
 */

export const CHARTS = /** @type {ChartName[]} */ (["loss", "fit", "norm", "value"]);

export class Model {
  constructor() {
    /** @type {string[]} */
    this.order = [];
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {Map<string, Curve>} */
    this.curves = new Map();
    /** @type {Map<string, Partial<Record<Series["role"], Series>>>} */
    this.series = new Map();
    /** @type {Map<string, Output>} */
    this.outputs = new Map();
    /** @type {string[]} runs of a desk that the server has forgotten: their curves stay */
    this.gone = [];
  }

  /** Takes an update; returns the charts that changed. @param {Update} update @returns {Set<ChartName>} */
  apply(update) {
    const changed = /** @type {Set<ChartName>} */ (new Set());
    this.gone = this.gone.filter((id) => !update.order.includes(id)); // one that was found again
    this.order = [...this.gone, ...update.order];
    for (const row of update.runs) this.rows.set(row.id, row);
    for (const id of [...this.rows.keys()].filter((known) => !this.order.includes(known))) this.forget(id, changed);
    for (const part of update.curves) this.#append(part, changed);
    for (const one of update.series) {
      const known = this.series.get(one.run) ?? {};
      this.series.set(one.run, { ...known, [one.role]: { ...one, generation: (known[one.role]?.generation ?? 0) + 1 } });
      changed.add("fit");
    }
    for (const output of update.outputs) this.outputs.set(output.run, output);
    return changed;
  }

  /** @param {string} chart @param {string} [run] @returns {Curve[]} in the order of the runs */
  curvesOf(chart, run) {
    const place = new Map(this.order.map((id, i) => [id, i]));
    return [...this.curves.values()]
      .filter((curve) => curve.chart === chart && (run === undefined || curve.run === run))
      .sort((a, b) => (place.get(a.run) ?? 0) - (place.get(b.run) ?? 0));
  }

  /** The desk is another one: the runs of the last one stay as they were seen, with `state` as their end. @param {string} state */
  leaveBehind(state) {
    this.gone = this.order.filter((id) => !this.rows.get(id)?.example);
    for (const id of this.gone) {
      const row = /** @type {Row} */ (this.rows.get(id));
      if (row.phase !== "ended") this.rows.set(id, { ...row, phase: "ended", state, bad: true, left: "", speed: "" });
    }
  }

  /** Whether the run is on no desk any more; it is then forgotten. @param {string} id */
  drop(id) {
    if (!this.gone.includes(id)) return false;
    this.gone = this.gone.filter((known) => known !== id);
    this.order = this.order.filter((known) => known !== id);
    this.forget(id, new Set());
    return true;
  }

  /** Forgets all loss curves: the server is asked for them in another form. */
  forgetCurves() {
    for (const [key, { run }] of this.curves) if (!this.gone.includes(run)) this.curves.delete(key);
  }

  /** @param {string} id @param {Set<ChartName>} changed */
  forget(id, changed) {
    this.rows.delete(id);
    this.series.delete(id);
    this.outputs.delete(id);
    for (const [key, curve] of this.curves) if (curve.run === id) this.curves.delete(key);
    for (const chart of CHARTS) changed.add(chart);
  }

  /** @param {Part} part @param {Set<ChartName>} changed */
  #append(part, changed) {
    const key = JSON.stringify([part.run, part.chart, part.of]);
    const known = this.curves.get(key);
    if (!known || part.whole) {
      const { run, chart, of, xs, ys, n } = part;
      this.curves.set(key, { run, chart, of, xs, ys, n, generation: (known?.generation ?? 0) + 1 });
    } else {
      known.xs.push(...part.xs);
      known.ys.push(...part.ys);
      known.n = part.n;
    }
    changed.add(part.chart);
  }
}

/**
 * Points of a fit for a line: pairs in the order of x, without those that are no numbers.
 * @param {(number | null)[]} xs @param {(number | null)[]} ys @returns {[number[], number[]]}
 */
export function sortedPairs(xs, ys) {
  const pairs = xs.flatMap((x, i) => (x === null || (ys[i] ?? null) === null ? [] : [[x, /** @type {number} */ (ys[i])]]));
  pairs.sort((a, b) => a[0] - b[0]);
  return [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
}
