import assert from "node:assert/strict";
import { test } from "node:test";

import { isAtOnce, remember, toldAt } from "../../../graphviz_tools/player/findings.js";

/** @type {{text: string, since?: number}[]} */
const MARKS = [{ text: "always" }, { text: "third", since: 3 }, { text: "fifth", since: 5 }];
const texts = (/** @type {typeof MARKS} */ marks) => marks.map((mark) => mark.text);

test("a mark is told from its step on", () => {
  assert.deepEqual(texts(toldAt(MARKS, 2, false)), ["always"]);
  assert.deepEqual(texts(toldAt(MARKS, 3, false)), ["always", "third"]);
  assert.deepEqual(texts(toldAt(MARKS, 9, false)), ["always", "third", "fifth"]);
});

test("at once, every mark is told at every step", () => {
  assert.deepEqual(texts(toldAt(MARKS, 0, true)), ["always", "third", "fifth"]);
});

test("a browser without storage tells step by step and does not complain", () => {
  remember(true);
  assert.equal(isAtOnce(), false);
});
