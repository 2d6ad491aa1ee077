// @ts-check
/**
 * An exponential mean over about `span` steps whose points may lie apart: a point that comes d steps after the one
 * before moves the mean by 1 - exp(-d / span) of the way. Points are appended as the curve grows.
 */
export class Smoother {
  /** @param {number} span in steps */
  constructor(span) {
    this.span = span;
    /** @type {number[]} */
    this.ys = [];
    this.n = 0;
    this.x = 0;
    this.mean = 0;
  }

  /** The smoothed ys of a curve that has grown. @param {number[]} xs @param {number[]} ys */
  grown(xs, ys) {
    for (; this.n < xs.length; this.n += 1) {
      const weight = this.n ? 1 - Math.exp(-(xs[this.n] - this.x) / this.span) : 1;
      this.mean += weight * (ys[this.n] - this.mean);
      this.x = xs[this.n];
      this.ys.push(this.mean);
    }
    return this.ys;
  }
}
