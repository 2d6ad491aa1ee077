// @ts-check
/** When findings are told: each as its step is reached, so that a prediction comes first, or all at once. */

const KEY = "backstep.findings";
const AT_ONCE = "at once";

/** What this browser was told to do last. */
export function isAtOnce() {
  try {
    return localStorage.getItem(KEY) === AT_ONCE;
  } catch {
    return false; // a page without storage
  }
}

/** @param {boolean} wanted */
export function remember(wanted) {
  try {
    wanted ? localStorage.setItem(KEY, AT_ONCE) : localStorage.removeItem(KEY);
  } catch {
    // it stays so until the page is left
  }
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
