/** What the sections have in common in which one breaks the module, and mends it again. */
import {
  after,
  deviceUserPrints,
  moduleIsBuiltOf,
  moduleIsLoadedAfter,
  sourceIs,
} from "./checks.js";
import type { SourceEdit } from "./source-edit.js";
import type { GuideStep, SectionPaths, Wanted } from "./step.js";

/** What a section says of the steps, by their ids: all of it, or only the text. */
interface BreakingWords {
  readonly remove: Pick<GuideStep, "title" | "text" | "hint">;
  readonly build: string;
  readonly load: string;
}

interface MendingWords {
  readonly mend: Pick<GuideStep, "title" | "text" | "hint">;
  readonly rebuild: string;
  readonly reload: string;
  readonly works: Pick<GuideStep, "text" | "hint">;
}

/** The edit is made, built and loaded. */
export function breakingSteps(
  places: SectionPaths,
  edit: SourceEdit,
  words: BreakingWords,
): readonly GuideStep[] {
  const broken: Wanted = { edit, state: "made" };
  return [
    {
      id: "remove",
      ...words.remove,
      action: { kind: "edit", path: places.source, wanted: broken },
      source: broken,
      check: sourceIs(broken, places.source),
    },
    {
      id: "build",
      title: "Build the module",
      text: words.build,
      ...building(places, broken),
      check: moduleIsBuiltOf(broken, places),
    },
    {
      id: "load",
      title: "Load it",
      text: words.load,
      ...loadingAfter("build", places),
    },
  ];
}

/**
 * The edit is taken back, and that is built, loaded and tried out.
 * @param consequence the step that showed what the edit does: what was done before it does not count
 */
export function mendingSteps(
  places: SectionPaths,
  edit: SourceEdit,
  consequence: string,
  words: MendingWords,
): readonly GuideStep[] {
  const mended: Wanted = { edit, state: "whole" };
  return [
    {
      id: "mend",
      ...words.mend,
      action: { kind: "edit", path: places.source, wanted: mended },
      source: mended,
      check: sourceIs(mended, places.source, consequence),
    },
    {
      id: "rebuild",
      title: "Build it again",
      text: words.rebuild,
      ...building(places, mended),
      check: after(consequence, moduleIsBuiltOf(mended, places)),
    },
    {
      id: "reload",
      title: "Load what you have built",
      text: words.reload,
      ...loadingAfter("rebuild", places),
    },
    {
      id: "works",
      title: "See that it works again",
      ...words.works,
      action: { kind: "type", to: "shell", line: "./a.out" },
      needs: ["module"],
      check: after("rebuild", deviceUserPrints(places.module, "read 6 bytes: hello")),
    },
  ];
}

function building(
  { folder }: SectionPaths,
  source: Wanted,
): Pick<GuideStep, "action" | "hint" | "source"> {
  return { action: { kind: "build", folder }, hint: "At the terminal: `make`.", source };
}

function loadingAfter(
  buildId: string,
  { module }: SectionPaths,
): Pick<GuideStep, "action" | "hint" | "needs" | "check"> {
  return {
    action: { kind: "type", to: "shell", line: "sudo insmod ./hello.ko" },
    hint: "“File exists” means that a module of this name is loaded: `sudo rmmod hello` first.",
    needs: ["built", "no-module"],
    check: moduleIsLoadedAfter(buildId, module),
  };
}
