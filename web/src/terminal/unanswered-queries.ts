import type { IFunctionIdentifier, Terminal } from "@xterm/xterm";

/**
 * The control sequences that xterm.js answers with keys of its own (xterm, "Control Sequences"):
 * device attributes, device status, modes, and what a window is.
 */
const CSI_QUERIES: readonly IFunctionIdentifier[] = [
  { final: "c" },
  { prefix: ">", final: "c" },
  { final: "n" },
  { prefix: "?", final: "n" },
  { intermediates: "$", final: "p" },
  { prefix: "?", intermediates: "$", final: "p" },
  { final: "t" },
];
/** A request for a setting, DECRQSS. */
const DCS_QUERY: IFunctionIdentifier = { intermediates: "$", final: "q" };
/** Colours: of the palette, of text, background and cursor. They are queries with a `?`. */
const OSC_COLOURS = [4, 10, 11, 12];

/**
 * Leaves queries in the output without an answer while `isReplay` holds: they have been answered
 * when they came, and a shell would take a second answer for what somebody types. What a person
 * types meanwhile is not touched.
 */
export function leaveUnanswered(
  { parser }: Pick<Terminal, "parser">,
  isReplay: () => boolean,
): void {
  for (const query of CSI_QUERIES) parser.registerCsiHandler(query, isReplay);
  parser.registerDcsHandler(DCS_QUERY, isReplay);
  for (const code of OSC_COLOURS) {
    parser.registerOscHandler(code, (data) => data.includes("?") && isReplay());
  }
}
