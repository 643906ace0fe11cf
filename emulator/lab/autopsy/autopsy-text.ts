// Not by the room's index: a page that shows autopsies needs no parser of reports.
import {
  excerptRows,
  formatLocation,
  prose,
  type ReportStyle,
  traceLines,
} from "../../reports/report-text.js";
import { visible, wrapProse } from "../../reports/text-layout.js";
import type { Autopsy, BlockedTask } from "./autopsy.js";
import {
  blockedPlaces,
  evidenceOf,
  holderText,
  type ToldPlace,
  toldPlaces,
} from "./told-places.js";

/** The width of an item's text: with its dash it is as wide as our prose. */
const ITEM_WIDTH = 78;

const PLAIN: ReportStyle = (_look, text) => text;

export interface AutopsyTextOptions {
  readonly style?: ReportStyle;
  /** Leaves out stacks, where they are shown by others: by a debugger. */
  readonly withoutStacks?: boolean;
}

/**
 * An autopsy as lines for a person, in the look of reports: what is wrong and who has the lock,
 * the places in the source, the stack, who is blocked, and what it was concluded from.
 */
export function autopsyLines(autopsy: Autopsy, options: AutopsyTextOptions = {}): string[] {
  const { style = PLAIN, withoutStacks = false } = options;
  const { finding, frames, blocked } = autopsy;
  const evidence = evidenceOf(autopsy);
  return [
    ...gist(autopsy, style),
    // Where tasks are blocked, the processor has nothing to do with it.
    ...(finding.kind === "blocked"
      ? blockedTaskLines(blocked, options)
      : [
          ...(withoutStacks ? [] : traceLines(frames, undefined, style)),
          ...(blocked.length === 0 ? [] : ["", style("bold", "Asleep, and no signal wakes them:")]),
          ...blockedTaskLines(blocked, options),
        ]),
    ...(evidence.length === 0 ? [] : ["", style("bold", "Evidence:")]),
    ...evidence.flatMap(item),
  ];
}

/** The gist of an autopsy: what is wrong, who has the lock, and the places in the source. */
export function autopsySummary(autopsy: Autopsy, style: ReportStyle = PLAIN): string[] {
  const tasks = autopsy.finding.kind === "blocked" ? autopsy.blocked : [];
  return [...gist(autopsy, style), ...blockedTaskLines(tasks, { style, withoutStacks: true })];
}

/** An autopsy in two plain sentences, for a place where there is no room for more. */
export function autopsyNotice({ sentence, holder }: Autopsy): string[] {
  if (holder === undefined) return [visible(sentence)];
  return [visible(sentence), visible(holderText(holder))];
}

/** Each sleeping task: for what it waits and who has that, the places in the source, its stack. */
export function blockedTaskLines(
  blocked: readonly BlockedTask[],
  { style = PLAIN, withoutStacks = false }: AutopsyTextOptions = {},
): string[] {
  return blocked.flatMap((task) => [
    "",
    ...prose(task.sentence, style),
    ...blockedPlaces(task).flatMap((told) => placeLines(told, style)),
    ...(withoutStacks ? [] : traceLines(task.frames, undefined, style)),
  ]);
}

function gist(autopsy: Autopsy, style: ReportStyle): string[] {
  const { finding, sentence, blocked } = autopsy;
  // One task alone is all that there is to say, and its own sentence says it.
  const isSaidBelow = finding.kind === "blocked" && blocked[0]?.sentence === sentence;
  return [
    ...(isSaidBelow ? [] : autopsyNotice(autopsy).flatMap((line) => prose(line, style))),
    ...toldPlaces(autopsy).flatMap((told) => placeLines(told, style)),
  ];
}

/** A heading with the place, and the lines around it. */
function placeLines({ title, place }: ToldPlace, style: ReportStyle): string[] {
  const { function: name, module, file, line, excerpt } = place;
  const position =
    file === undefined || line === undefined
      ? `${name}()${module === undefined ? "" : ` [${module}]`}`
      : formatLocation({ function: name, file, line, column: 0 });
  return [
    "",
    ...prose(title, style, "bold"),
    style("dim", `${visible(position)}${excerpt === undefined ? "" : ":"}`),
    ...(excerpt === undefined ? [] : excerptRows(excerpt, style)),
  ];
}

function item(text: string): string[] {
  return wrapProse(visible(text), ITEM_WIDTH).map(
    (line, index) => `${index === 0 ? "- " : "  "}${line}`,
  );
}
