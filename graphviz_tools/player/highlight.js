// @ts-check
/**
 * Python source as coloured pieces, line by line. A tokenizer for the eye: it never has to be right about
 * meaning. What a line needs to know of those before it is whether it begins inside a string.
 */

/** @typedef {Array<[string, string]>} Pieces [class, text]; the class is "" for plain text */
/** @typedef {"" | '"""' | "'''"} Open the quotes of a string that began on an earlier line */

const KEYWORDS = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield match case").split(" "),
);
const TOKEN =
  /([rbfuRBFU]{0,2}(?:"""|'''))|([rbfuRBFU]{0,2}(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?))|(#.*)|(\d[\d_]*\.?\d*(?:e[+-]?\d+)?j?)|([\p{L}_][\p{L}\p{N}_]*)|[^\p{L}\p{N}_"'#]+|[^]/uy;

/**
 * @param {string} line without its line break
 * @param {Open} open
 * @returns {{pieces: Pieces, open: Open}} `open` is what the next line begins in
 */
export function highlightLine(line, open) {
  /** @type {Pieces} */
  const pieces = [];
  let position = 0;
  if (open) position = closeString(line, 0, open, pieces);
  if (position < 0) return { pieces, open };
  while (position < line.length) {
    TOKEN.lastIndex = position;
    const match = /** @type {RegExpExecArray} */ (TOKEN.exec(line));
    position = TOKEN.lastIndex;
    if (match[1]) {
      const quotes = /** @type {Open} */ (match[1].slice(-3));
      add(pieces, "tok-str", match[1]);
      position = closeString(line, position, quotes, pieces);
      if (position < 0) return { pieces, open: quotes };
    } else add(pieces, kindOf(match), match[0]);
  }
  return { pieces, open: "" };
}

/** @param {string} source @returns {Pieces[]} one for each line */
export function highlight(source) {
  let open = /** @type {Open} */ ("");
  return source.split("\n").map((line) => {
    const done = highlightLine(line, open);
    open = done.open;
    return done.pieces;
  });
}

/** Adds the rest of a string of three quotes; its end, or -1 when this line does not end it. */
function closeString(/** @type {string} */ line, /** @type {number} */ from, /** @type {Open} */ quotes, /** @type {Pieces} */ pieces) {
  let end = line.indexOf(quotes, from);
  while (end > from && line[end - 1] === "\\") end = line.indexOf(quotes, end + 1);
  const past = end < 0 ? line.length : end + 3;
  if (past > from) add(pieces, "tok-str", line.slice(from, past));
  return end < 0 ? -1 : past;
}

function kindOf(/** @type {RegExpExecArray} */ [, , string, comment, number, word]) {
  if (string) return "tok-str";
  if (comment) return "tok-com";
  if (number) return "tok-num";
  return word && KEYWORDS.has(word) ? "tok-key" : "";
}

function add(/** @type {Pieces} */ pieces, /** @type {string} */ kind, /** @type {string} */ text) {
  const last = pieces[pieces.length - 1];
  if (last && last[0] === kind) last[1] += text;
  else pieces.push([kind, text]);
}
