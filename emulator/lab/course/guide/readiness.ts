import type { FilesNow } from "./files-now.js";
import type { GuestNow } from "./guest-now.js";
import type { Obstacle } from "./progress.js";
import { type GuideSection, type GuideStep, PLACE, type StepAction } from "./step.js";

/** What the steps' buttons and notes depend on, beside the guest. */
export interface Surroundings {
  readonly guest: GuestNow;
  readonly files: FilesNow;
  /** The place that section 4's report named. */
  readonly place: string | undefined;
}

/** What a step's button does now: the same that a person would type where the shell is. */
export function actionNow(
  section: GuideSection,
  step: GuideStep,
  { guest, place }: Surroundings,
): StepAction | undefined {
  const { action } = step;
  if (action.kind !== "type") return action;
  if (action.line.includes(PLACE)) {
    return place === undefined ? undefined : { ...action, line: action.line.replace(PLACE, place) };
  }
  const { waiting } = guest;
  const isElsewhere = waiting.program === "shell" && waiting.folder !== section.folder;
  if (action.to === "gdb" || !isElsewhere || !needsFolder(action.line)) return action;
  return { ...action, line: `cd ~/${section.id} && ${action.line}` };
}

/** What keeps a step from succeeding now. */
export function obstacleOf(
  section: GuideSection,
  step: GuideStep,
  { guest, files, place }: Surroundings,
): Obstacle | undefined {
  const { action, needs = [] } = step;
  switch (action.kind) {
    case "rescue":
    case "show":
    case "explain":
      return undefined;
    case "edit":
    case "build":
      return sourceObstacle(section, step, files);
  }
  if (needs.includes("place") && place === undefined) {
    const text = "The offset comes from the kernel's report: run `./a.out` first.";
    return { text, remedy: undefined };
  }
  if (guest.isDown) {
    return { text: "The machine takes no input: rescue it first.", remedy: { kind: "rescue" } };
  }
  const { waiting } = guest;
  if (action.to === "gdb" && waiting.program === "shell") {
    const start = section.steps.find(({ id }) => id === "gdb")?.action;
    return {
      text: "gdb is not running.",
      remedy: start?.kind === "type" ? inFolder(section, start, waiting.folder) : undefined,
    };
  }
  if (action.to === "shell" && waiting.program === "gdb") {
    return {
      text: "gdb has the terminal: leave it first.",
      remedy: { kind: "type", to: "gdb", line: "quit" },
    };
  }
  const needsBuild =
    needs.includes("built") || (needs.includes("module") && guest.hello === undefined);
  return (
    (needsBuild ? buildObstacle(section, files) : undefined) ?? moduleObstacle(section, step, guest)
  );
}

/** For a step that changes the source, or builds it. */
function sourceObstacle(
  { source }: GuideSection,
  { action, source: wanted }: GuideStep,
  files: FilesNow,
): Obstacle | undefined {
  const state = wanted && files.stateOf(source, wanted.edit);
  if (wanted === undefined || state === undefined || state.kind === wanted.state) return undefined;
  const edit: StepAction = { kind: "edit", path: source, wanted };
  if (state.kind === "other") {
    return { text: state.problem, remedy: action.kind === "edit" ? undefined : edit };
  }
  // To change that is what a step is for that edits.
  if (action.kind === "edit") return undefined;
  return { text: wanted.edit.says[state.kind], remedy: edit };
}

function buildObstacle(section: GuideSection, files: FilesNow): Obstacle | undefined {
  const remedy: StepAction = { kind: "build", folder: section.folder };
  switch (files.buildOf(section)) {
    case "none":
      return { text: "`hello.ko` is not built.", remedy };
    case "old":
      return { text: "`hello.c` has been changed since `hello.ko` was built of it.", remedy };
    case "current":
      return undefined;
  }
}

function moduleObstacle(
  section: GuideSection,
  { needs = [] }: GuideStep,
  guest: GuestNow,
): Obstacle | undefined {
  const file = guest.hello?.file;
  const isAnother =
    guest.hello !== undefined && (file !== section.module || needs.includes("no-module"));
  if (
    isAnother &&
    (needs.includes("no-module") || needs.includes("no-other-module") || needs.includes("module"))
  ) {
    const which =
      file === undefined ? "Another module" : `\`${file.replace(/^\/home\/student/, "~")}\``;
    return {
      text: `${which} is loaded under the name \`hello\`: unload it first.`,
      remedy: { kind: "type", to: "shell", line: "sudo rmmod hello" },
    };
  }
  if (needs.includes("module") && guest.hello === undefined) {
    return {
      text: "The module is not loaded now.",
      remedy: {
        kind: "type",
        to: "shell",
        line: `sudo insmod ~/${section.id}/hello.ko`,
      },
    };
  }
  return undefined;
}

function inFolder(
  section: GuideSection,
  action: StepAction & { kind: "type" },
  folder: string,
): StepAction {
  if (folder === section.folder) return action;
  return { ...action, line: `cd ~/${section.id} && ${action.line}` };
}

/** Whether a line names files of the folder that the shell is in. */
function needsFolder(line: string): boolean {
  return /\.\/|hello\.ko|> \w/.test(line);
}
