// What payload.py and compare/comparison.py describe. Written by `make payload`; do not edit.

export interface TextBlock {
  type: "text";
  text: string;
  tone?: "" | "error" | "good" | "note" | "warning";
  title?: string;
}

export interface WhyBlock {
  type: "why";
  title: string;
  text: string;
  cure?: string;
  since?: number;
  until?: number | null;
  place?: string | null;
  place_text?: string;
}

export interface RuleBlock {
  type: "rule";
  words: string;
  formulas?: Array<[string, string]>;
}

export interface Row {
  label: string;
  value?: number | null;
  note?: string;
  vertex?: string | null;
  track?: Array<[number, number]>;
  struck?: boolean;
  sign?: "" | "+" | "=";
}

export interface ValuesBlock {
  type: "values";
  title: string;
  rows: Array<Row>;
}

export interface ShownStep {
  headline: string;
  phase: "backward" | "end" | "forward" | "start";
  line?: number | null;
  focus?: string | null;
  lit?: Array<string>;
  blocks?: Array<TextBlock | WhyBlock | RuleBlock | ValuesBlock>;
  printed?: number;
  short?: string;
}

export type Cell = [text: string, kind: "" | "gap" | "inf" | "nan" | "zero", heat: number, full: string];

export interface ShownValue {
  kind: "none" | "pending" | "tensor" | "unavailable";
  text: string;
  full?: string;
  rows?: Array<Array<Cell>>;
  caption?: string;
  stats?: Array<[string, string]>;
}

export interface ShownVertex {
  kind: "call" | "cut" | "group" | "leaf" | "node" | "root" | "saved" | "tensor";
  title: string;
  built_at?: number;
  line?: number | null;
  step?: number | null;
  states?: Array<[number, "done" | "failed" | "freed" | "ready" | "running" | "waiting"]>;
  badge?: Array<[number, string]>;
  card?: Array<TextBlock | WhyBlock | RuleBlock | ValuesBlock>;
  same_as?: Array<string>;
  search?: string;
}

export interface ShownArrow {
  source: string;
  target: string;
  kind?: "call" | "cut" | "gradient" | "same" | "saved";
  built_at?: number;
  label?: Array<[number, string]>;
  weight?: Array<[number, number]>;
}

export interface Band {
  phase: "backward" | "forward";
  first: number;
  last: number;
}

export interface Mark {
  step: number;
  kind: "accumulation" | "cut" | "failure" | "finding" | "mutation";
  text: string;
  since?: number;
}

export interface LineMark {
  line: number;
  tone: "error" | "note" | "warning";
  text: string;
  title?: string;
  cure?: string;
  step?: number | null;
  compared?: Array<[string, string, string]>;
  parts?: Array<[string, number]>;
  since?: number;
}

export interface ShownRun {
  run: number;
  step: number;
  title: string;
  about?: string;
}

export interface Own {
  key: string;
  source: string;
  title?: string;
  filename?: string;
  restored?: number;
  is_lesson?: boolean;
}

export interface Payload {
  version: number;
  run_key: string;
  source: string;
  stdout: string;
  steps: Array<ShownStep>;
  values: Array<ShownValue>;
  vertices: Record<string, ShownVertex>;
  arrows: Record<string, ShownArrow>;
  bands: Array<Band>;
  marks: Array<Mark>;
  line_marks: Array<LineMark>;
  strings: Record<string, string>;
  legend: Array<[string, string]>;
  svg: string | null;
  no_picture?: string;
  notices?: Array<string>;
  start_step?: number;
  start_vertex?: string | null;
  failure_step?: number | null;
  runs?: Array<ShownRun>;
  turns?: Array<[number, number]>;
  drawn_run?: number | null;
  without_calls?: boolean;
  editable?: boolean;
  at_once?: boolean;
  own?: Own | null;
  language?: string;
}

export interface ShownVerdict {
  kind: "doubtful" | "error" | "none" | "right" | "wrong";
  word: string;
  text: string;
  cure: string;
  gradients: Array<[string, string, string]>;
  lines: Array<[string, number]>;
}

export interface ShownTag {
  kind: "array" | "saved" | "tensor";
  text: string;
  note?: string;
  version?: string;
  moved?: boolean;
  old?: boolean;
  tone?: "gone" | "open" | "same" | "seen" | "unseen";
}

export interface ShownSaved {
  title: string;
  then: Array<Cell>;
  now: Array<Cell>;
  differs: Array<number>;
  then_label: string;
  now_label: string;
  tone: "gone" | "open" | "same" | "seen" | "unseen";
  sentence: string;
}

export interface ShownBox {
  title: string;
  columns: number;
  cells: Array<Cell>;
  changed: Array<number>;
  text: string;
  written: boolean;
  tags: Array<ShownTag>;
  saved: Array<ShownSaved>;
}

export type ColumnAt = [frame: number, step: number, headline: string, line: number, moves: boolean, is_over: boolean];

export interface Column {
  slug: string;
  title: string;
  text: string;
  first: number;
  verdict: ShownVerdict | null;
  frames: Array<Array<ShownBox>>;
  rows: Array<ColumnAt>;
  picture: Payload;
  note?: string;
}

export interface Comparison {
  version: number;
  run_key: string;
  language: string;
  source: string;
  mark: number | null;
  steps: Array<ShownStep>;
  bands: Array<Band>;
  marks: Array<Mark>;
  columns: Array<Column>;
  strings: Record<string, string>;
  start_step?: number;
  notices?: Array<string>;
}
