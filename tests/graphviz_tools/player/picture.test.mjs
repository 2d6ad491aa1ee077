import assert from "node:assert/strict";
import { test } from "node:test";
import { besideArrow } from "../../../graphviz_tools/player/arrow.js";
import { readingOrder } from "../../../graphviz_tools/player/tracks.js";

const straight = [0, 25, 50, 75, 100].map((y) => ({ x: 40, y }));

test("a text stands beside the arrow at the height of its room, on the room's side", () => {
  assert.deepEqual(besideArrow(straight, { x: 70, y: 79 }), { x: 47, y: 79, anchor: "start" });
  assert.deepEqual(besideArrow(straight, { x: 10, y: 29 }), { x: 33, y: 29, anchor: "end" });
});

test("without a room it stands beside the middle, outside of the lean", () => {
  assert.deepEqual(besideArrow(straight, null), { x: 47, y: 54, anchor: "start" });
  const toTheLeft = straight.map(({ y }) => ({ x: 100 - y, y }));
  assert.deepEqual(besideArrow(toTheLeft, null), { x: 43, y: 54, anchor: "end" });
});

test("vertices are walked through as one reads, though a row is not quite level", () => {
  const places = [{ id: "right", x: 90, y: 101 }, { id: "left", x: 10, y: 99 }, { id: "top", x: 50, y: 0 }];
  assert.deepEqual(readingOrder(places), ["top", "left", "right"]);
});
