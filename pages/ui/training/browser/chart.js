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
 * @property {object} look Plotly's attributes: name, mode, line, opacity
 *
 * @typedef {object} Picture
 * @property {Line[]} lines
 * @property {object} layout
 * @property {number} nPoints the measured points behind the lines: the data-points attribute
 */

const CONFIG = { displayModeBar: false, responsive: true, displaylogo: false, doubleClick: "reset" };

export class Chart {
  /** @param {any} Plotly @param {HTMLElement} element */
  constructor(Plotly, element) {
    this.plotly = Plotly;
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

  async #extend(lines) {
    const grown = lines.map((_, i) => i).filter((i) => lines[i].xs.length > this.counts[i]);
    if (!grown.length) return;
    const added = (name) => grown.map((i) => lines[i][name].slice(this.counts[i]));
    const update = { x: added("xs"), y: added("ys") };
    for (const i of grown) this.counts[i] = lines[i].xs.length;
    await this.plotly.extendTraces(this.element, update, grown);
  }

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
