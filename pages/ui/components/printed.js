// @ts-check
/** Hands what a running program prints to the player, which is another component of the same page. */

/** @param {{data: {run: string, text: string}}} component */
export default function ({ data }) {
  window.dispatchEvent(new CustomEvent("backstep-printed", { detail: data }));
}
