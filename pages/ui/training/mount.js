// @ts-check
/**
 * Mounts the charts in the Streamlit page. Streamlit calls the default export whenever data or theme change, always
 * with the same parent element until the page is left. The charts stay and are told what is new.
 *
 * @typedef {import("./browser/training.js").Envelope} Envelope
 * @typedef {typeof import("./browser/training.js").mount} Mount
 * @typedef {{element: HTMLElement, latest: Envelope | null, page: ReturnType<Mount> | null}} Place
 */

/** @type {WeakMap<object, Place>} */
const places = new WeakMap();

/** @param {{parentElement: HTMLElement, data: Envelope, setTriggerValue: (name: string, value: unknown) => void}} component */
export default async function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const place = places.get(parentElement) ?? begin(parentElement);
  place.latest = data;
  const { mount } = /** @type {{mount: Mount}} */ (await import(new URL(`${data.folder}training.js`, location.origin).href));
  if (place.latest === data && place.element.isConnected) {
    if (place.page) place.page.update(data);
    else
      place.page = mount(place.element, data, {
        attach: (/** @type {string} */ key) => setTriggerValue("attach", key),
        open: (step) => setTriggerValue("open", { ...step, at: Date.now() }),
      });
  }
  // A call that was overtaken while it waited is cleaned up too: the place then belongs to the later one.
  return () => place.latest === data && end(parentElement, place);
}

/** @param {HTMLElement} parentElement @returns {Place} */
function begin(parentElement) {
  const element = document.createElement("div");
  parentElement.append(element);
  const place = { element, latest: null, page: null };
  places.set(parentElement, place);
  return place;
}

/** @param {HTMLElement} parentElement @param {Place} place */
function end(parentElement, place) {
  place.page?.destroy();
  place.element.remove();
  places.delete(parentElement);
}
