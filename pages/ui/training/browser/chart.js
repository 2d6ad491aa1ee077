// @ts-check
/**
 * One Plotly chart that grows. Points that were only appended go through extendTraces; anything else redraws it with
 * the same uirevision, so that a zoom stays.
 *
 * @typedef {object} Line
 * @property {string} key names the line among the chart's lines
 * @property {number} generation another one: its points were replaced
 * @property {number[]} xs
 * @property {number[]} ys
 * @property {Look} look
 *
 * @typedef {object} Look Plotly's attributes of a line
 * @property {string} name
 * @property {string} mode
 * @property {{color: string, dash: string, width: number}} [line]
 * @property {{color: string, size: number, opacity: number}} [marker]
 * @property {number} [opacity]
 * @property {string} [legendgroup]
 * @property {boolean} [showlegend]
 *
 * @typedef {object} Axis
 * @property {string} [type]
 * @property {{text: string, standoff: number, font: {size: number}}} [title]
 * @property {number[]} [range]
 * @property {boolean} [autorange]
 * @property {string} [exponentformat]
 *
 * @typedef {{type: string, xref: string, yref: string, x0: number, x1: number, y0: number, y1: number, line: object}} Shape
 * @typedef {{x: number, y: number, text: string, [more: string]: unknown}} Annotation
 *
 * @typedef {{xaxis: Axis, yaxis: Axis, legend: object, uirevision: string, showlegend?: boolean, shapes?: Shape[],
 *   annotations?: Annotation[], [more: string]: unknown}} Layout Plotly's attributes of a chart
 *
 * @typedef {object} Picture
 * @property {Line[]} lines
 * @property {Layout} layout
 * @property {number} nPoints the measured points behind the lines: the data-points attribute
 *
 * @typedef {object} Plotly what of it is used
 * @property {(element: HTMLElement, traces: object[], layout: Layout, config: object) => Promise<unknown>} react
 * @property {(element: HTMLElement, update: {x: number[][], y: number[][]}, traces: number[]) => Promise<unknown>} extendTraces
 * @property {(element: HTMLElement, update: object) => Promise<unknown>} relayout
 * @property {(element: HTMLElement, options: object) => Promise<unknown>} downloadImage
 * @property {(element: HTMLElement) => void} purge
 */

const CONFIG = { displayModeBar: false, responsive: true, displaylogo: false, doubleClick: "reset" };

export class Chart {
  /** @param {Plotly} plotly @param {HTMLElement} element */
  constructor(plotly, element) {
    this.plotly = plotly;
    this.element = element;
    /** @type {string} what was drawn, without the points */
    this.drawn = "";
    /** @type {number[]} points drawn of each line */
    this.counts = [];
    this.isBusy = false;
    this.nextAt = 0;
    this.isOpen = true;
  }

  /** @param {Picture} picture */
  async draw(picture) {
    const { lines, layout } = picture;
    const form = JSON.stringify([lines.map(({ key, generation, look }) => [key, generation, look]), layout]);
    this.isBusy = true;
    try {
      if (form === this.drawn) await this.#extend(lines);
      else await this.#redraw(lines, layout);
    } finally {
      this.isBusy = false;
    }
    this.drawn = form;
    this.element.dataset.points = String(picture.nPoints);
    this.element.dataset.drawn = String(lines.reduce((sum, { xs }) => sum + xs.length, 0));
  }

  /** @param {Line[]} lines */
  async #extend(lines) {
    const grown = lines.map((_, i) => i).filter((i) => lines[i].xs.length > this.counts[i]);
    if (!grown.length) return;
    const added = (/** @type {"xs" | "ys"} */ name) => grown.map((i) => lines[i][name].slice(this.counts[i]));
    const update = { x: added("xs"), y: added("ys") };
    for (const i of grown) this.counts[i] = lines[i].xs.length;
    await this.plotly.extendTraces(this.element, update, grown);
  }

  /** @param {Line[]} lines @param {Layout} layout */
  async #redraw(lines, layout) {
    this.counts = lines.map(({ xs }) => xs.length);
    const traces = lines.map(({ xs, ys, look }) => ({ type: "scatter", x: xs.slice(), y: ys.slice(), ...look }));
    await this.plotly.react(this.element, traces, layout, CONFIG);
  }

  /** Shows everything again after a zoom. */
  whole() {
    if (this.drawn) this.plotly.relayout(this.element, { "xaxis.autorange": true, "yaxis.autorange": true });
  }

  /** @param {"png" | "svg"} format @param {string} filename */
  save(format, filename) {
    const { width, height } = this.element.getBoundingClientRect();
    const size = { width: Math.max(640, Math.round(width)), height: Math.max(400, Math.round(height)) };
    return this.plotly.downloadImage(this.element, { format, filename, ...size, scale: format === "png" ? 2 : 1 });
  }

  destroy() {
    if (this.drawn) this.plotly.purge(this.element);
    this.drawn = "";
  }
}
