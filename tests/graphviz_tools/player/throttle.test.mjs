import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { throttled } from "../../../graphviz_tools/player/throttle.js";

test("the first call comes at once, then only the latest, and none after cancel", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = /** @type {number[]} */ ([]);
  const tell = throttled((/** @type {number} */ step) => told.push(step), 100);
  [1, 2, 3].forEach(tell.call);
  assert.deepEqual(told, [1]);
  mock.timers.tick(100);
  assert.deepEqual(told, [1, 3]);
  mock.timers.tick(100);
  tell.call(4);
  tell.call(5);
  tell.cancel();
  mock.timers.tick(500);
  assert.deepEqual(told, [1, 3, 4]);
  tell.call(6);
  tell.flush();
  assert.deepEqual(told, [1, 3, 4, 6]);
  tell.call(7);
  tell.flush();
  assert.deepEqual(told, [1, 3, 4, 6, 7]);
  mock.timers.reset();
});
