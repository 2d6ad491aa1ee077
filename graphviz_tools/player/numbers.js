// @ts-check
/** Where a number's point is, so that a column of numbers can stand on it. */

/**
 * @param {string} text a shown number
 * @returns {number} characters from its point on; 0 for a whole number
 */
export function afterPoint(text) {
  const point = text.indexOf(".");
  return point < 0 || !/^[-+\d.]/.test(text) ? 0 : text.length - point;
}

/**
 * Characters to leave free after each number, by column.
 * @param {string[][]} rows
 * @returns {number[][]}
 */
export function paddings(rows) {
  const most = rows.reduce((/** @type {number[]} */ widest, row) => row.map((text, i) => Math.max(widest[i] ?? 0, afterPoint(text))), []);
  return rows.map((row) => row.map((text, i) => most[i] - afterPoint(text)));
}
