// @ts-check
/**
 * Tells on every page when the server cannot be reached and when it is back, gives the document its language, and
 * puts the labels of Streamlit's own parts into that language.
 *
 * NOTE [Gone and back]
 * 1. Streamlit writes the state of its connection on its root element. Nothing else is asked, so nothing is sent.
 * 2. What can do nothing without a server is held down by CSS: `<html data-server="gone">`; our own parts hear the
 *    event `backstep-server` on the document.
 * 3. After a return the page is asked for: Streamlit itself waits until something is pressed.
 * 4. A session's name comes with the data. When it is another one after the return, the server has forgotten the
 *    session: what ran and was recorded there is gone, and the banner says so.
 *
 * NOTE [Back before the other page has come]
 * Whoever leaves for a page and goes back before the server has begun to draw it is carried there all the same:
 * Streamlit compares with the page that it drew last, finds it there and asks for nothing. Then the way back is gone
 * once more.
 *
 * @typedef {{lang: string, session: string, words: Record<"gone" | "back" | "anew" | "close", string>, labels: Record<string, string>}} Envelope
 */

const GONE_AFTER_MS = 700; // a short break is not worth a word
const BACK_FOR_MS = 8_000;
const RETURN_MS = 400; // between looks whether the server has drawn the page again
const RETURN_LOOKS = 50;
const CARRIED_MS = 20_000; // after going back, as long as nothing is pressed
const LOOK_MS = 300;

/** One for the document, for as long as the tab lives. @type {Watch | null} */
let watch = null;

/** @param {{data: Envelope, setTriggerValue: (name: string, value: unknown) => void}} component */
export default function ({ data, setTriggerValue }) {
  watch ??= new Watch();
  watch.ask = () => setTriggerValue("returned", { at: Date.now() });
  watch.update(data);
}

class WayBack {
  constructor() {
    this.wanted = "";
    this.until = 0;
    this.timer = 0;
    addEventListener("popstate", () => this.begin());
    for (const pressed of ["pointerdown", "keydown"]) addEventListener(pressed, () => void (this.until = 0), true);
  }

  begin() {
    clearTimeout(this.timer);
    this.wanted = location.pathname;
    this.until = Date.now() + CARRIED_MS;
    this.look(false);
  }

  /** @param {boolean} wasCarried at the look before: by now the page that came is the one that Streamlit knows */
  look(wasCarried) {
    if (Date.now() > this.until) return;
    const isCarried = location.pathname !== this.wanted;
    if (isCarried && wasCarried) history.back();
    this.timer = window.setTimeout(() => this.look(isCarried && !wasCarried), LOOK_MS);
  }
}

class Watch {
  constructor() {
    new WayBack();
    /** @type {Envelope | null} */
    this.data = null;
    this.lastSession = "";
    this.ask = () => {};
    this.isGone = false;
    this.timer = 0;
    this.banner = document.createElement("div");
    this.banner.className = "backstep-server";
    this.banner.setAttribute("role", "status");
    this.banner.hidden = true;
    document.body.append(this.banner);
    new MutationObserver((changes) => this.look(changes)).observe(document.body, {
      subtree: true, childList: true, attributes: true, attributeFilter: ["data-test-connection-state", "aria-label", "title", "placeholder"],
    });
  }

  /** @param {Envelope} data */
  update(data) {
    this.data = data;
    document.documentElement.lang = data.lang;
    this.relabel(document.body);
    this.connection();
    if (this.isGone) return;
    const isAnew = Boolean(this.lastSession) && this.lastSession !== data.session; // the page came later than its return
    this.lastSession = data.session;
    if (isAnew) this.say(data.words.anew, "back");
  }

  /** @param {MutationRecord[]} changes */
  look(changes) {
    if (changes.some(({ attributeName }) => attributeName === "data-test-connection-state")) this.connection();
    if (this.isGone) this.hush();
    for (const { type, target, addedNodes } of changes) {
      if (type === "attributes") this.label(/** @type {Element} */ (target));
      else for (const node of addedNodes) if (node instanceof Element) this.relabel(node);
    }
  }

  connection() {
    const state = document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-connection-state");
    const isGone = Boolean(state) && state !== "CONNECTED";
    clearTimeout(this.timer);
    if (isGone && !this.isGone) this.timer = window.setTimeout(() => this.gone(), GONE_AFTER_MS);
    else if (!isGone && this.isGone) {
      this.ask();
      this.returns(0);
    }
  }

  /** Which session it is comes with the page: nothing is told before that. @param {number} nth */
  returns(nth) {
    const isDrawn = document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-script-state") === "notRunning";
    if (nth > 4 && (isDrawn || nth > RETURN_LOOKS)) this.back();
    else this.timer = window.setTimeout(() => this.returns(nth + 1), RETURN_MS);
  }

  gone() {
    this.tell(true);
    this.hush();
    this.say(this.data?.words.gone ?? "", "gone");
  }

  back() {
    const { session = "", words } = this.data ?? {};
    const isSame = session === this.lastSession;
    this.lastSession = session;
    this.tell(false);
    this.say((isSame ? words?.back : words?.anew) ?? "", "back");
    this.timer = window.setTimeout(() => this.say("", "back"), BACK_FOR_MS);
  }

  /** Streamlit's dialog about its own command line helps no visitor, and covers what stays. */
  hush() {
    /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=stDialog] button"))?.click();
  }

  /** @param {boolean} isGone */
  tell(isGone) {
    this.isGone = isGone;
    if (isGone) document.documentElement.dataset.server = "gone";
    else delete document.documentElement.dataset.server;
    document.dispatchEvent(new CustomEvent("backstep-server", { detail: { isGone } }));
  }

  /** @param {string} text @param {string} kind */
  say(text, kind) {
    this.banner.hidden = !text;
    this.banner.dataset.kind = kind;
    this.banner.textContent = text;
  }

  /** @param {Element} root */
  relabel(root) {
    this.label(root);
    for (const element of root.querySelectorAll("[aria-label], [title], [placeholder]")) this.label(element);
  }

  /** @param {Element} element */
  label(element) {
    for (const name of ["aria-label", "title", "placeholder"]) {
      const text = element.getAttribute(name);
      if (text?.endsWith(" icon") && element.getAttribute("role") === "img") element.setAttribute("aria-hidden", "true"); // words stand beside it
      const other = text && this.data?.labels[text];
      if (other && other !== text) element.setAttribute(name, other);
    }
  }
}
