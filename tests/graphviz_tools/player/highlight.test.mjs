import assert from "node:assert/strict";
import { test } from "node:test";
import { highlight, highlightLine } from "../../../graphviz_tools/player/highlight.js";

const text = (lines) => lines.map((line) => line.map(([, part]) => part).join("")).join("\n");

test("highlighting never changes the text", () => {
  const source = 'x = 1.5e3  # 中文 <b>\nfor i in "a\\"b": pass\n\n"""open\n\t🎉 @f\n';
  assert.equal(text(highlight(source)), source);
  assert.equal(text(highlight("")), "");
});

test("keywords, strings, numbers and comments have classes of their own", () => {
  const [line] = highlight("return f('a', 2)  # why");
  const kinds = Object.fromEntries(line.filter(([kind]) => kind).map(([kind, part]) => [kind, part]));
  assert.deepEqual(kinds, { "tok-key": "return", "tok-str": "'a'", "tok-num": "2", "tok-com": "# why" });
});

test("a string over several lines keeps its class on each", () => {
  const lines = highlight('"""a\nb"""');
  assert.deepEqual(lines, [[["tok-str", '"""a']], [["tok-str", 'b"""']]]);
});

test("ten thousand lines take well under a second", () => {
  const started = performance.now();
  highlight("x = torch.tensor([1., 2.])  # comment\n".repeat(10_000));
  assert.ok(performance.now() - started < 2000);
});

test("a line that begins inside a string says so, and the next one ends it", () => {
  assert.deepEqual(highlightLine('x = """a', ""), { pieces: [["", "x = "], ["tok-str", '"""a']], open: '"""' });
  assert.deepEqual(highlightLine('b""" + 1', '"""'), { pieces: [["tok-str", 'b"""'], ["", " + "], ["tok-num", "1"]], open: "" });
  assert.deepEqual(highlightLine("'''", '"""').open, '"""');
});
