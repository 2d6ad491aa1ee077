import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnother, versions } from "../../../graphviz_tools/player/versions.js";

class Memory extends Map {
  constructor(room = Infinity) {
    super();
    this.room = room;
  }
  get length() {
    return this.size;
  }
  key(/** @type {number} */ n) {
    return [...this.keys()][n] ?? null;
  }
  getItem(/** @type {string} */ key) {
    return this.get(key) ?? null;
  }
  setItem(/** @type {string} */ key, /** @type {string} */ value) {
    const used = [...this].reduce((sum, [k, v]) => sum + (k === key ? 0 : v.length), 0);
    if (used + value.length > this.room) throw new Error("QuotaExceededError");
    this.set(key, value);
  }
  removeItem(/** @type {string} */ key) {
    this.delete(key);
  }
}

function tab(local = new Memory()) {
  let at = 0;
  return versions({ local, tab: new Memory(), now: () => ++at });
}

const texts = (/** @type {ReturnType<typeof versions>} */ kept, program = "c1") => kept.of(program).map((one) => one.text);

test("typing goes on with one version, a run begins another", () => {
  const kept = tab();
  for (const text of ["x = 1", "x = 12", "x = 123"]) kept.keep("c1", text);
  assert.deepEqual(texts(kept), ["x = 123"]);
  kept.begin();
  kept.keep("c1", "x = 1234");
  assert.deepEqual(texts(kept), ["x = 1234", "x = 123"]);
  assert.deepEqual(texts(kept, "c2"), []);
});

test("what is typed over everything does not replace what was there", () => {
  const kept = tab();
  kept.keep("c1", "loss = (w * x).sum()");
  kept.keep("c1", "p");
  assert.deepEqual(texts(kept), ["p", "loss = (w * x).sum()"]);
  assert.equal(isAnother("abcdef", "abXcdef"), false);
  assert.equal(isAnother("abcdef", ""), true);
  assert.equal(isAnother("", "abc"), false);
});

test("two tabs keep their own, also after one took the other's version", () => {
  const local = new Memory();
  const [one, other] = [tab(local), tab(local)];
  one.keep("c1", "of one");
  const id = other.keep("c1", "of one");
  assert.equal(id, one.of("c1")[0].id);
  other.keep("c1", "of one, changed by the other");
  assert.deepEqual(new Set(texts(one)), new Set(["of one", "of one, changed by the other"]));
});

test("twelve versions of a program are kept, the last ones", () => {
  const kept = tab();
  for (let i = 0; i < 20; i++) {
    kept.begin();
    kept.keep("c1", `version ${i}`);
  }
  assert.deepEqual(texts(kept), Array.from({ length: 12 }, (_, i) => `version ${19 - i}`));
});

test("a full storage gives up the oldest version first, and says so only when nothing can be kept", () => {
  const kept = tab(new Memory(200));
  for (const letter of "abc") {
    kept.begin();
    kept.keep(letter, letter.repeat(70));
  }
  assert.deepEqual(["a", "b", "c"].map((program) => texts(kept, program).length), [0, 1, 1]);
  assert.equal(kept.refuses(), false);
  kept.begin();
  kept.keep("d", "d".repeat(400));
  assert.equal(kept.refuses(), true);
  assert.deepEqual(["b", "c", "d"].map((program) => texts(kept, program).length), [1, 1, 0]);
});

test("a tab remembers what it showed; what is no version of ours is as if it were not there", () => {
  const local = new Memory();
  const kept = tab(local);
  const id = kept.keep("c1", "mine");
  kept.choose("c1", { id, hasRun: true, restored: 2 });
  assert.deepEqual(kept.chosen("c1"), { id, text: "mine", hasRun: true, restored: 2 });
  assert.deepEqual(kept.chosen("c2"), { id: "", text: null, hasRun: false, restored: 0 });
  local.setItem("backstep.version.c1/odd", "no JSON");
  assert.deepEqual(texts(kept), ["mine"]);
});
