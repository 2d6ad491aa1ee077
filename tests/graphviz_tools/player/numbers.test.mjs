import assert from "node:assert/strict";
import { test } from "node:test";
import { afterPoint, paddings } from "../../../graphviz_tools/player/numbers.js";

test("a number's part from the point on", () => {
  assert.deepEqual(["3", "0.125", "-2.5", "1e-06", "1.5e-6", "NaN", "…", ""].map(afterPoint), [0, 4, 2, 0, 5, 0, 0, 0]);
});

test("in each column the points stand below each other", () => {
  assert.deepEqual(paddings([["1", "2.5"], ["0.125", "3"]]), [[4, 0], [0, 2]]);
  assert.deepEqual(paddings([["1", "2.5"]]), [[0, 0]]);
  assert.deepEqual(paddings([]), []);
});
