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
 * @property {object | null} payload the picture; null while a program runs: keep the one there is
 * @property {string} key the same for the same payload
 * @property {boolean} running
 * @property {string} run the one under way
 * @property {string} folder where the player's modules lie
 * @property {string} module the one to mount: "player.js"
 * @property {string[]} styles its style sheets
 *
 * @typedef {object} Place
 * @property {HTMLElement} element
 * @property {Envelope} latest
 * @property {any} player null until its modules have come
 * @property {string} shown the key of the payload the player has
 * @property {(event: any) => void} listen takes what a running program prints
 */

/** @type {WeakMap<object, Place>} */
const places = new WeakMap();

/** The last picture of each module in this browser tab with its key, for a page that is left and entered while a program runs. */
const lastPictures = new Map();

/** @param {{parentElement: ShadowRoot, data: Uint8Array, setTriggerValue: (name: string, value: unknown) => void}} component */
export default async function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const envelope = JSON.parse(new TextDecoder().decode(data));
  if (envelope.payload) lastPictures.set(envelope.module, envelope);
  const place = places.get(parentElement) ?? begin(parentElement);
  place.latest = envelope;
  const { mount } = await loaded(envelope, parentElement);
  if (place.latest === envelope && place.element.isConnected) show(place, mount, setTriggerValue);
  // A call that was overtaken while it waited is cleaned up too: the place then belongs to the later one.
  return () => place.latest === envelope && end(parentElement, place);
}

/** @returns {Place} */
function begin(parentElement) {
  const element = document.createElement("div");
  element.className = "player-place";
  parentElement.append(element);
  /** @type {Place} */
  const place = { element, latest: /** @type {any} */ (null), player: null, shown: "", listen: ({ detail }) => hear(place, detail) };
  window.addEventListener("backstep-printed", place.listen);
  places.set(parentElement, place);
  return place;
}

function show(place, mount, setTriggerValue) {
  const { running, module } = place.latest;
  const { payload, key } = place.latest.payload ? place.latest : lastPictures.get(module) ?? place.latest;
  if (!payload) return;
  if (!place.player) {
    place.player = mount(place.element, payload, {
      onRun: (asked) => setTriggerValue("run", { ...(typeof asked === "string" ? { source: asked } : asked), at: Date.now() }),
      onStop: () => setTriggerValue("stop", { at: Date.now() }),
      onStep: keepStepInLink,
    });
  } else if (key !== place.shown) {
    place.player.update(payload);
  }
  place.shown = key;
  place.player.setRunning(running);
}

/** Output of the run that is waited for; of another one it comes too late. */
function hear({ latest, player }, { run, text }) {
  if (latest?.running && latest.run === run) player?.print?.(text);
}

function end(parentElement, place) {
  window.removeEventListener("backstep-printed", place.listen);
  place.player?.destroy();
  place.element.remove();
  places.delete(parentElement);
}

/** @type {Map<string, Promise<any>>} */
const modules = new Map();

/** The module, once its style sheets are in the shadow root too: nothing is drawn unstyled. */
async function loaded({ folder, module, styles }, parentElement) {
  const links = [...parentElement.querySelectorAll("link")];
  const styled = links.length ? links : styles.map((name) => styleSheet(folder + name, parentElement));
  const address = folder + module;
  if (!modules.has(address)) modules.set(address, import(new URL(address, location.origin).href));
  await Promise.all(styled.map((link) => link.ready));
  return modules.get(address);
}

function styleSheet(address, parentElement) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  link.ready = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
  parentElement.append(link);
  return link;
}

let linkTimer = 0;

/** The address bar follows the step, once the reader rests: browsers allow few changes in a second. */
function keepStepInLink(step) {
  clearTimeout(linkTimer);
  linkTimer = setTimeout(() => {
    const url = new URL(location.href);
    url.searchParams.set("step", String(step));
    history.replaceState(history.state, "", url);
  }, 400);
}
