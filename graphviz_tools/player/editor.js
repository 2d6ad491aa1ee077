// @ts-check
/**
 * The text of a program with line numbers and marked lines: CodeMirror with our keys, colours and words.
 * What it is told by us is no edit of the reader's: `onEdit` hears only what was typed, pasted or undone.
 */

import {
  bracketMatching, closeBrackets, closeBracketsKeymap, codeFolding, Decoration, defaultKeymap, drawSelection, EditorState,
  EditorView, foldKeymap, GutterMarker, gutterLineClass, HighlightStyle, highlightSelectionMatches, highlightSpecialChars,
  history, historyKeymap, indentLess, indentMore, indentOnInput, indentUnit, insertNewlineAndIndent, isolateHistory, keymap,
  lineNumbers, Prec, pythonLanguage, RangeSet, search, searchKeymap, StateEffect, StateField, syntaxHighlighting, tags,
  Transaction,
} from "./codemirror.js";

const INDENT = "    ";
const MARGIN_PX = 50; // two lines around a line that is scrolled to
const LEAVES = /^\s+(return|pass|break|continue|raise)\b/; // after such a line a block is over
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.bool, tags.null], class: "tok-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-str" },
  { tag: tags.number, class: "tok-num" },
  { tag: tags.comment, class: "tok-com" },
]);
const SEARCH_WORDS = ["Find", "Replace", "next", "previous", "all", "match case", "regexp", "by word", "replace", "replace all", "close"];

/** @typedef {[line: number, tone: string]} Toned a line of the document, from 1, and how it is marked */

/**
 * @param {HTMLElement} place in the document or shadow root where it stays
 * @param {{label: string, editable: boolean, first: number, words: (key: string) => string, onLine: (line: number) => void,
 *          onRun: () => void, onEdit: () => void, onArmed: (armed: boolean) => void}} options `first`: the number of the
 *          first line; `onArmed`: whether Tab indents now instead of leaving
 */
export function editor(place, options) {
  const { editable, first } = options;
  const toned = /** @type {ReturnType<typeof StateEffect.define<Toned[]>>} */ (StateEffect.define());
  let isArmed = false; // a key was typed since the focus came: Tab indents, until Esc

  const tones = StateField.define({
    create: () => marked([], EditorState.create({ doc: "" }).doc),
    update(value, transaction) {
      for (const effect of transaction.effects) if (effect.is(toned)) return marked(effect.value, transaction.state.doc);
      return transaction.docChanged ? { lines: value.lines.map(transaction.changes), numbers: value.numbers.map(transaction.changes) } : value;
    },
    provide: (field) => [
      EditorView.decorations.from(field, (value) => value.lines),
      gutterLineClass.from(field, (value) => value.numbers),
    ],
  });

  function arm(/** @type {boolean} */ armed) {
    if (armed === isArmed) return;
    isArmed = armed;
    options.onArmed(armed);
  }

  const ours = [
    { key: "Mod-Enter", run: () => (options.onRun(), true) },
    { key: "Escape", run: () => (arm(false), false) },
    { key: "Enter", run: newLine },
    { key: "Tab", run: (/** @type {EditorView} */ on) => isArmed && indent(on), shift: (/** @type {EditorView} */ on) => isArmed && indentLess(on) },
  ];
  /** @type {ReturnType<typeof keymap.of>} */
  const extensions = [
    Prec.highest(keymap.of(ours)),
    keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...defaultKeymap]),
    lineNumbers({
      formatNumber: (/** @type {number} */ n) => String(n + first - 1),
      domEventHandlers: { click: (on, block) => (options.onLine(numberOf(block.from)), true) },
    }),
    history({ joinToEvent: (transaction, adjacent) => adjacent && !endsWord(transaction) }),
    tones, EditorView.lineWrapping, drawSelection(), highlightSpecialChars(), bracketMatching(), closeBrackets(), codeFolding(), indentOnInput(), indentUnit.of(INDENT),
    pythonLanguage.extension, syntaxHighlighting(COLOURS), highlightSelectionMatches(), search({ top: true }),
    EditorState.readOnly.of(!editable),
    EditorState.phrases.of(Object.fromEntries(SEARCH_WORDS.map((word) => [word, options.words(`find_${word.replace(" ", "_").toLowerCase()}`) || word]))),
    EditorView.contentAttributes.of({ "data-testid": "editor", "aria-label": options.label, class: "editor", tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
    EditorView.domEventObservers({
      keydown: (event) => void (/^(Tab|Escape|Shift|Control|Alt|Meta)$/.test(event.key) || arm(editable)),
      blur: () => arm(false),
      click: (_event, on) => void (on.state.selection.main.empty && options.onLine(numberOf(on.state.selection.main.head))),
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && update.transactions.some((one) => one.annotation(Transaction.userEvent))) options.onEdit();
    }),
  ];
  const view = new EditorView({ parent: place, extensions });
  queueMicrotask(() => view.setRoot(/** @type {Document | ShadowRoot} */ (place.getRootNode()))); // it may be placed only now
  Object.defineProperty(view.contentDOM, "value", { get: text, set: (source) => replaceText(source) });

  function numberOf(/** @type {number} */ position) {
    return view.state.doc.lineAt(position).number + first - 1;
  }

  function text() {
    return view.state.doc.toString();
  }

  /** Another text, told by us; undo brings back what was there. @param {string} source */
  function setText(source) {
    if (source === text()) return;
    view.dispatch({ changes: whole(view, source), selection: { anchor: 0 }, scrollIntoView: true, annotations: isolateHistory.of("full") });
  }

  /** Another program: there is nothing to undo yet. @param {string} source */
  function open(source) {
    view.setState(EditorState.create({ doc: source, extensions }));
  }

  /** As if pasted over everything. @param {string} source */
  function replaceText(source) {
    view.dispatch({ changes: whole(view, source), annotations: isolateHistory.of("full"), userEvent: "input.paste" });
  }

  return {
    text, setText, replaceText, open,
    focus: () => view.focus(),
    destroy: () => view.destroy(),
    /** @param {Toned[]} lines the marks of lines, by their shown numbers */
    tone(lines) {
      view.dispatch({ effects: toned.of(lines.map(([line, tone]) => /** @type {Toned} */ ([line - first + 1, tone]))) });
    },
    /** Scrolls only as far as needed. @param {number} line by its shown number */
    reveal(line) {
      const n = line - first + 1;
      if (n < 1 || n > view.state.doc.lines) return;
      view.dispatch({ effects: EditorView.scrollIntoView(view.state.doc.line(n).from, { y: "nearest", yMargin: MARGIN_PX }) });
    },
  };
}

/** Decorations of lines and of their numbers; lines that do not exist are left out. */
function marked(/** @type {Toned[]} */ toned, /** @type {EditorState["doc"]} */ doc) {
  const known = toned.filter(([line]) => line >= 1 && line <= doc.lines).map(([line, tone]) => ({ at: doc.line(line).from, tone }));
  return {
    lines: Decoration.set(known.map(({ at, tone }) => Decoration.line({ class: `bar ${tone}` }).range(at)), true),
    numbers: RangeSet.of(known.map(({ at, tone }) => new LineNumber(tone).range(at)), true),
  };
}

class LineNumber extends GutterMarker {
  constructor(/** @type {string} */ tone) {
    super();
    this.elementClass = `number ${tone}`;
  }
}

function whole(/** @type {EditorView} */ view, /** @type {string} */ source) {
  return { from: 0, to: view.state.doc.length, insert: source };
}

/** Undo goes by words: a space, a line break or a paste begins another step. */
function endsWord(/** @type {Transaction} */ transaction) {
  let ends = false;
  transaction.changes.iterChanges((_from, _to, _start, _end, inserted) => void (ends ||= /\s/.test(inserted.toString())));
  return ends;
}

function indent(/** @type {EditorView} */ view) {
  if (!view.state.selection.main.empty) return indentMore(view);
  view.dispatch(view.state.replaceSelection(INDENT), { userEvent: "input.indent", scrollIntoView: true });
  return true;
}

function newLine(/** @type {EditorView} */ view) {
  const { main } = view.state.selection;
  const line = view.state.doc.lineAt(main.head);
  if (!main.empty || main.head !== line.to || !LEAVES.test(line.text)) return insertNewlineAndIndent(view);
  const outer = /^\s*/.exec(line.text)?.[0].slice(INDENT.length) ?? "";
  view.dispatch(view.state.replaceSelection(`\n${outer}`), { userEvent: "input", scrollIntoView: true });
  return true;
}
