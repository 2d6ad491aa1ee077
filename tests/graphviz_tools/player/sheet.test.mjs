import assert from "node:assert/strict";
import { test } from "node:test";
import { changedLines, touched } from "../../../graphviz_tools/player/sheet.js";

test("only the lines that differ are changed, also between equal neighbours", () => {
  assert.deepEqual(changedLines(["a", "b", "c"], ["a", "B", "c"]), { keep: 1, end: 2 });
  assert.deepEqual(changedLines(["a", "a"], ["a", "a", "a"]), { keep: 2, end: 3 });
  assert.deepEqual(changedLines(["a", "b", "c"], ["a", "c"]), { keep: 1, end: 1 });
  assert.deepEqual(changedLines([], ["a"]), { keep: 0, end: 1 });
  assert.deepEqual(changedLines(["a"], ["a"]), { keep: 1, end: 1 });
});

test("a change touches the blocks that hold its lines and no other", () => {
  const blocks = [{ n: 10 }, { n: 10 }, { n: 5 }];
  assert.deepEqual(touched(blocks, 0, 1), { first: 0, past: 1, from: 0, to: 10 });
  assert.deepEqual(touched(blocks, 12, 12), { first: 1, past: 2, from: 10, to: 20 });
  assert.deepEqual(touched(blocks, 9, 21), { first: 0, past: 3, from: 0, to: 25 });
  assert.deepEqual(touched(blocks, 25, 25), { first: 2, past: 3, from: 20, to: 25 });
  assert.deepEqual(touched([], 0, 0), { first: 0, past: 0, from: 0, to: 0 });
});
