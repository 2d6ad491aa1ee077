// @ts-check
/**
 * Keeps one text in this browser's localStorage for the server's page. The server does not know at first what the
 * browser has: it sends `text: null` and is told; from then on it sends what to keep.
 */

const MOST_CHARS = 200_000;

/** @type {WeakMap<object, {name: string, tell: (text: string | null) => void, stop: () => void}>} */
const places = new WeakMap();

/** @param {{parentElement: object, data: {name: string, text: string | null}, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const place = places.get(parentElement) ?? begin(parentElement, data.name);
  place.tell = (text) => setTriggerValue("kept", { text: text?.slice(0, MOST_CHARS) ?? null, at: Date.now() });
  if (data.text === null) place.tell(read(data.name));
  else if (data.text !== (read(data.name) ?? "")) write(data.name, data.text);
  return () => place.stop();
}

/** What another tab writes is told, too. @param {object} parentElement @param {string} name */
function begin(parentElement, name) {
  const heard = (/** @type {StorageEvent} */ event) => event.key === name && place.tell(event.newValue);
  const place = { name, tell: (/** @type {string | null} */ _text) => {}, stop: () => {
    removeEventListener("storage", heard);
    places.delete(parentElement);
  } };
  addEventListener("storage", heard);
  places.set(parentElement, place);
  return place;
}

/** A browser may forbid its storage: then nothing is kept. @param {string} name */
function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string} text */
function write(name, text) {
  try {
    if (text) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {
    // full, or forbidden
  }
}
