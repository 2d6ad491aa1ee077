// @ts-check
/**
 * Tracks: what varies in time, as [first step, content] pairs in ascending order.
 * Every step can be looked up without its neighbours.
 */

/**
 * The content at a step, or `before` when the track begins later.
 * @template T
 * @param {Array<[number, T]> | undefined} track
 * @param {number} step
 * @param {T} before
 * @returns {T}
 */
export function at(track, step, before) {
  if (!track || !track.length || track[0][0] > step) return before;
  let low = 0;
  let high = track.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (track[middle][0] <= step) low = middle;
    else high = middle - 1;
  }
  return track[low][1];
}

/** @param {Array<[number, unknown]> | undefined} track @param {number} step whether something begins exactly here */
export function changesAt(track, step) {
  return !!track && track.some(([first]) => first === step);
}

/** @param {number} step @param {number} last */
export function clamp(step, last) {
  return Math.max(0, Math.min(last, Math.round(step)));
}

/** The step that a code line leads to: the next one of that line after `from`, else its first. */
export function stepOfLine(/** @type {Array<{line?: number | null}>} */ steps, /** @type {number} */ line, /** @type {number} */ from) {
  const hits = steps.flatMap((step, i) => (step.line === line ? [i] : []));
  return hits.find((i) => i > from) ?? hits[0] ?? null;
}

/**
 * Ids as one reads a picture: rows from the top, in a row from the left.
 * @param {Array<{id: string, x: number, y: number}>} places where each has its middle
 * @returns {string[]}
 */
export function readingOrder(places) {
  const row = (/** @type {{y: number}} */ place) => Math.round(place.y / 12);
  return [...places].sort((a, b) => row(a) - row(b) || a.x - b.x).map(({ id }) => id);
}
