// @ts-check
/**
 * Mounts the player, or another module of its folder, in a Streamlit page.
 *
 * Streamlit calls the default export whenever the data or the theme changes, always with the same
 * parent element until the page is left. The player stays and is given what is new: a picture, or
 * that a program runs. The player's modules come from a folder named after their content, so the
 * browser keeps them; this file is sent inside the page and stays small.
 *
 * @typedef {object} Envelope what the Python side sends
 * @property {Payload | null} payload the picture; null while a program runs: keep the one there is
 * @property {string} key the same for the same payload
 * @property {boolean} running
 * @property {string} run the one under way
 * @property {number} arrival how often an address was opened: the player goes where a new one says
 * @property {string} folder where the player's modules lie
 * @property {string} module the one to mount: "player.js"
 * @property {string[]} styles its style sheets
 *
 * @typedef {object} Place
 * @property {HTMLElement} element
 * @property {Envelope} latest
 * @property {ReturnType<Mount> | null} player null until its modules have come
 * @property {string} shown the key of the payload the player has
 * @property {number} [arrival] of that payload
 * @property {EventListener} listen takes what a running program prints
 *
 * @typedef {import("../../../graphviz_tools/player/payload").Payload} Payload
 * @typedef {typeof import("../../../graphviz_tools/player/player.js").mount} Mount what each module of the folder has, `print` aside
 * @typedef {(name: string, value: unknown) => void} SetTriggerValue
 */

/** @type {WeakMap<object, Place>} */
const places = new WeakMap();

/** @type {Map<string, Envelope>} The last picture of each module in this browser tab with its key, for a page that is left and entered while a program runs. */
const lastPictures = new Map();

/** @param {{parentElement: ShadowRoot, data: Uint8Array, setTriggerValue: SetTriggerValue}} component */
export default async function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const envelope = /** @type {Envelope} */ (JSON.parse(new TextDecoder().decode(data)));
  if (envelope.payload) lastPictures.set(envelope.module, envelope);
  const place = places.get(parentElement) ?? begin(parentElement, envelope);
  place.latest = envelope;
  const { mount } = await loaded(envelope, parentElement);
  if (place.latest === envelope && place.element.isConnected) show(place, mount, setTriggerValue);
  // A call that was overtaken while it waited is cleaned up too: the place then belongs to the later one.
  return () => place.latest === envelope && end(parentElement, place);
}

/** @param {ShadowRoot} parentElement @param {Envelope} latest @returns {Place} */
function begin(parentElement, latest) {
  const element = document.createElement("div");
  element.className = "player-place";
  parentElement.append(element);
  /** @type {Place} */
  const place = { element, latest, player: null, shown: "", listen: (event) => hear(place, /** @type {CustomEvent} */ (event).detail) };
  window.addEventListener("backstep-printed", place.listen);
  places.set(parentElement, place);
  return place;
}

/** @param {Place} place @param {Mount} mount @param {SetTriggerValue} setTriggerValue */
function show(place, mount, setTriggerValue) {
  const { running, module, arrival } = place.latest;
  const { payload, key } = place.latest.payload ? place.latest : lastPictures.get(module) ?? place.latest;
  if (!payload) return;
  if (!place.player) {
    place.player = mount(place.element, payload, {
      onRun: (asked, lesson, isRecalled) => setTriggerValue("run", { ...told(asked, lesson, isRecalled), at: Date.now() }),
      onStop: () => setTriggerValue("stop", { at: Date.now() }),
      onDesk: (asked) => setTriggerValue("desk", { ...asked, at: Date.now() }),
      onStep: keepInLink,
    });
  } else if (place.arrival !== arrival || key !== place.shown) {
    place.player.update(payload, place.arrival !== arrival);
  }
  place.arrival = arrival;
  place.shown = key;
  place.player.setRunning(running);
}

/** Output of the run that is waited for; of another one it comes too late. @param {Place} place @param {{run: string, text: string}} printed */
function hear({ latest, player }, { run, text }) {
  if (latest.running && latest.run === run) player?.print?.(text);
}

/** What is asked to run. A program that ran before the page was loaded anew opens at the step in the address. @param {unknown} asked @param {string} [lesson] @param {boolean} [isRecalled] */
function told(asked, lesson, isRecalled) {
  if (typeof asked !== "string") return /** @type {object} */ (asked); // the comparison's
  const step = isRecalled ? new URL(location.href).searchParams.get("step") : null;
  return { source: asked, lesson, ...(step && /^\d{1,6}$/.test(step) ? { step: Number(step) } : {}) };
}

/** @param {ShadowRoot} parentElement @param {Place} place */
function end(parentElement, place) {
  window.removeEventListener("backstep-printed", place.listen);
  place.player?.destroy();
  place.element.remove();
  places.delete(parentElement);
}

/** @type {Map<string, Promise<{mount: Mount}>>} */
const modules = new Map();

/** The module, once its style sheets are in the shadow root too: nothing is drawn unstyled. @param {Envelope} envelope @param {ShadowRoot} parentElement */
async function loaded({ folder, module, styles }, parentElement) {
  const address = folder + module;
  const known = modules.get(address) ?? import(new URL(address, location.origin).href);
  modules.set(address, known);
  if (!sheets.has(parentElement)) sheets.set(parentElement, Promise.all(styles.map((name) => styleSheet(folder + name, parentElement))));
  await sheets.get(parentElement);
  return known;
}

/** @type {WeakMap<ShadowRoot, Promise<unknown>>} */
const sheets = new WeakMap();

/** As in dom.js, which would have to come first. @param {string} address @param {ShadowRoot} parentElement */
function styleSheet(address, parentElement) {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address });
  parentElement.append(link);
  return new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
}

const REST_MS = 250; // between two changes of the address: browsers allow few in a second
let linkTimer = 0;
let moment = /** @type {{step: number, run?: number} | null} */ (null);

/** The address bar follows the step and its run: at once, then once in a while, and before anything else is pressed. @param {number} step @param {number} [run] */
function keepInLink(step, run) {
  moment = { step, run };
  if (!linkTimer) writeLink();
}

function writeLink() {
  clearTimeout(linkTimer);
  linkTimer = 0;
  if (!moment) return;
  const url = new URL(location.href);
  url.searchParams.set("step", String(moment.step));
  if (moment.run && moment.run > 0) url.searchParams.set("run", String(moment.run + 1));
  else url.searchParams.delete("run");
  moment = null;
  if (url.href !== location.href) history.replaceState(history.state, "", url);
  linkTimer = window.setTimeout(writeLink, REST_MS);
}

document.addEventListener("pointerdown", writeLink, true); // after the player, which listens at the window, told its step
document.addEventListener("keydown", (event) => event.key === "Enter" && writeLink(), true);
addEventListener("pagehide", writeLink);
