import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped } from "../../../graphviz_tools/player/marks.js";

/** @param {number} step @param {import("../../../graphviz_tools/player/marks.js").Grouped["kind"]} kind */
const mark = (step, kind, text = `${kind} ${step}`) => ({ step, kind, text });

test("in a short run every step has a mark of its own", () => {
  const marks = [mark(3, "cut"), mark(4, "mutation"), mark(5, "failure")];
  assert.deepEqual(grouped(marks, 12), marks);
  assert.deepEqual(grouped([], 12), []);
});

test("marks that would stand on each other become the gravest, with the words of all", () => {
  const together = grouped([mark(500, "accumulation"), mark(501, "failure"), mark(502, "mutation")], 1000);
  assert.deepEqual(together, [{ step: 501, kind: "failure", text: "accumulation 500\nfailure 501\nmutation 502" }]);
});

test("of a thousand marks none is lost without a word, and no failure", () => {
  const marks = Array.from({ length: 1000 }, (_, step) => mark(step, step === 777 ? "failure" : "accumulation"));
  const shown = grouped(marks, 999);
  assert.ok(shown.length <= 37);
  assert.deepEqual(shown.filter(({ kind }) => kind === "failure").map(({ step }) => step), [777]);
  assert.ok(shown.every(({ text }) => /… \(\d+\)$/.test(text)));
});

test("a kind that is not known counts least", () => {
  assert.equal(grouped([mark(1, /** @type {"cut"} */ (/** @type {string} */ ("new"))), mark(1, "cut")], 9)[0].kind, "cut");
});
