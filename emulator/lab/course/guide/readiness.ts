import type { GuestNow } from "./guest-now.js";
import type { Obstacle } from "./progress.js";
import { type GuideSection, type GuideStep, PLACE, type StepAction } from "./step.js";

/** What the steps' buttons and notes depend on, beside the guest. */
export interface Surroundings {
  readonly guest: GuestNow;
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
  { guest, place }: Surroundings,
): Obstacle | undefined {
  const { action, needs = [] } = step;
  if (action.kind === "rescue") return undefined;
  if (needs.includes("place") && place === undefined) {
    const text = "The offset comes from the kernel's report: run `./a.out` first.";
    return { text, remedy: undefined };
  }
  if (action.kind === "show" || action.kind === "explain") return undefined;
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
  return moduleObstacle(section, step, guest);
}

function moduleObstacle(
  section: GuideSection,
  { needs = [] }: GuideStep,
  guest: GuestNow,
): Obstacle | undefined {
  const file = guest.hello?.file;
  const isAnother = guest.hello !== undefined && file !== section.module;
  if (isAnother && (needs.includes("no-other-module") || needs.includes("module"))) {
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
