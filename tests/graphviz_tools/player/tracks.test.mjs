import assert from "node:assert/strict";
import { test } from "node:test";
import { at, clamp, stepOfLine } from "../../../graphviz_tools/player/tracks.js";

test("a track has its earlier content before it begins", () => {
  assert.equal(at([[3, "a"]], 2, "none"), "none");
  assert.equal(at(undefined, 5, "none"), "none");
  assert.equal(at([], 5, "none"), "none");
});

test("a track gives the last content that began at or before the step", () => {
  const track = /** @type {[number, string][]} */ ([[1, "a"], [4, "b"], [9, "c"]]);
  const seen = Array.from({ length: 12 }, (_, step) => at(track, step, "-")).join("");
  assert.equal(seen, "-aaabbbbbccc");
});

test("steps are kept within the recording", () => {
  assert.deepEqual([-3, 0, 4.4, 99].map((step) => clamp(step, 10)), [0, 0, 4, 10]);
});

test("a line leads to its next step, then to its first again, and nowhere when it has none", () => {
  const steps = [{}, { line: 2 }, { line: 5 }, { line: 2 }];
  assert.equal(stepOfLine(steps, 2, 0), 1);
  assert.equal(stepOfLine(steps, 2, 1), 3);
  assert.equal(stepOfLine(steps, 2, 3), 1);
  assert.equal(stepOfLine(steps, 9, 0), null);
});
