// @ts-check
/**
 * The server's updates of a desk. The browser opens a lost connection again by itself; the server then tells
 * everything anew, so the listener is told to forget first.
 *
 * @param {string} address
 * @param {{fresh: () => void, update: (update: import("./model.js").Update) => void, lost: () => void, ended: () => void}} listener
 * @returns {() => void} closes it
 */
export function listen(address, listener) {
  const source = new EventSource(address);
  let isFresh = true;
  source.onopen = () => {
    isFresh = true;
  };
  source.onmessage = (event) => {
    if (isFresh) listener.fresh();
    isFresh = false;
    listener.update(JSON.parse(event.data));
  };
  source.onerror = () => (source.readyState === EventSource.CLOSED ? listener.ended() : listener.lost());
  source.addEventListener("ended", () => {
    source.close();
    listener.ended();
  });
  return () => source.close();
}
