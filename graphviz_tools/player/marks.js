// @ts-check
/**
 * The timeline's marks, so many as can be told apart. Marks that would stand on each other become one, with
 * the sign and the step of the gravest and the words of all.
 */

/** @typedef {Pick<import("./payload").Mark, "step" | "kind" | "text">} Grouped */

const GRAVEST_FIRST = ["failure", "finding", "mutation", "cut", "accumulation"];
const PLACES = 36; // marks side by side
const MOST_WORDS = 6; // lines of text of one mark

/**
 * @param {Grouped[]} marks
 * @param {number} last the last step
 * @returns {Grouped[]} in the order of their steps
 */
export function grouped(marks, last) {
  /** @type {Map<number, Grouped[]>} */
  const places = new Map();
  for (const mark of marks) {
    const place = last <= PLACES ? mark.step : Math.round((mark.step / last) * PLACES);
    places.set(place, [...(places.get(place) ?? []), mark]);
  }
  return [...places].sort(([a], [b]) => a - b).map(([, together]) => gravest(together));
}

/** @param {Grouped[]} together @returns {Grouped} */
function gravest(together) {
  const rank = (/** @type {Grouped} */ mark) => (GRAVEST_FIRST.indexOf(mark.kind) + GRAVEST_FIRST.length + 1) % (GRAVEST_FIRST.length + 1);
  const [first] = [...together].sort((a, b) => rank(a) - rank(b));
  const words = [...new Set(together.map((mark) => mark.text))];
  const text = words.length > MOST_WORDS ? [...words.slice(0, MOST_WORDS - 1), `… (${words.length - MOST_WORDS + 1})`] : words;
  return { step: first.step, kind: first.kind, text: text.join("\n") };
}
