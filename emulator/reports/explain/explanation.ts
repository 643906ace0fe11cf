import type { Disassembler } from "../disassembly/index.js";
import type { ListingContext } from "../disassembly/listing.js";
import type { Report } from "../report.js";
import type { Scene } from "./scene.js";

/** What a report means, for a person. */
export interface Explanation {
  /** One sentence in plain language. Names and code stand in `backquotes`. */
  readonly sentence: string;
  /** What the sentence rests on, a line each, the strongest first. */
  readonly evidence: readonly string[];
}

/**
 * What an explanation may draw on besides the report's own text. All of it may be missing, as it
 * is for a log of somebody else's kernel: then less is said.
 */
export interface ExplainContext extends ListingContext {
  readonly disassembler?: Disassembler | undefined;
}

/** Explains the reports of one kind. */
export type Explain = (scene: Scene) => Explanation | Promise<Explanation>;

/** A shorthand for families that read everything from the text. */
export function fromText(explain: (report: Report) => Explanation): Explain {
  return ({ report }) => explain(report);
}
