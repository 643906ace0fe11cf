import {
  buildHints,
  type FinishedModule,
  type FinishedProgram,
  whyNotBuilt,
} from "../../lab/index.js";
import type { Style } from "../terminal-style.js";
import { visible } from "../text-layout.js";

/** What is said of a build: the compiler's own words as they are, then what is known beyond them. */
export function buildText(build: FinishedModule | FinishedProgram, style: Style): string {
  const output = "output" in build ? build.output : "";
  const hints = "diagnostics" in build ? buildHints(build.diagnostics, output) : "";
  const why = build.outcome === "built" ? undefined : whyNotBuilt(build);
  const said = [...hints.trimEnd().split("\n"), why ?? ""].filter((line) => line !== "");
  const own = said.map((line) => `${style("yellow", `kspace: ${visible(line)}`)}\n`);
  return `${output}${own.join("")}`;
}
