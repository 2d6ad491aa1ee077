// @ts-check
/** Python source as highlighted lines. A tokenizer for the eye: it never has to be right about meaning. */

const KEYWORDS = new Set(
  ("False None True and as assert async await break class continue def del elif else except finally for from global if " +
    "import in is lambda nonlocal not or pass raise return try while with yield match case").split(" "),
);
const TOKEN =
  /(?<string>[rbfuRBFU]{0,2}(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(?<comment>#[^\n]*)|(?<number>\b\d[\d_]*\.?\d*(?:e[+-]?\d+)?j?\b)|(?<word>[\p{L}_][\p{L}\p{N}_]*)|(?<decorator>@(?=[\p{L}_]))|(?<other>[\s\S])/gu;

/**
 * @param {string} source
 * @returns {Array<Array<[string, string]>>} for each line, [class, text] pieces
 */
export function highlight(source) {
  /** @type {Array<Array<[string, string]>>} */
  const lines = [[]];
  for (const match of source.matchAll(TOKEN)) {
    const groups = match.groups ?? {};
    const kind = groups.string ? "tok-str" : groups.comment ? "tok-com" : groups.number ? "tok-num" : groups.word && KEYWORDS.has(groups.word) ? "tok-key" : "";
    match[0].split("\n").forEach((part, i) => {
      if (i) lines.push([]);
      if (!part) return;
      const line = lines[lines.length - 1];
      const last = line[line.length - 1];
      if (last && last[0] === kind) last[1] += part;
      else line.push([kind, part]);
    });
  }
  return lines;
}
