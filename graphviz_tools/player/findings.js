// @ts-check
/** When findings are told: each as its step is reached, so that a prediction comes first, or all at once. */

import { keep, kept } from "./kept.js";

const KEY = "backstep.findings";
const AT_ONCE = "at once";

/** What this browser was told to do last. */
export function isAtOnce() {
  return kept(KEY) === AT_ONCE;
}

/** @param {boolean} wanted */
export function remember(wanted) {
  keep(KEY, wanted ? AT_ONCE : null);
}

/**
 * @template {{since?: number}} M
 * @param {M[]} marks
 * @param {number} step
 * @param {boolean} atOnce
 * @returns {M[]}
 */
export function toldAt(marks, step, atOnce) {
  return atOnce ? marks : marks.filter((mark) => (mark.since ?? 0) <= step);
}
