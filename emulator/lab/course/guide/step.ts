import type { LabReport } from "../../report-decoder.js";
import type { FilesNow } from "./files-now.js";
import type { GuestNow } from "./guest-now.js";
import type { MachineState } from "./guide-event.js";
import type { EditState, SourceEdit } from "./source-edit.js";
import type { TerminalFact } from "./transcript.js";

/** What a step's check is told, one at a time. */
export type Seen =
  | TerminalFact
  | { readonly kind: "kernel-message"; readonly text: string }
  | { readonly kind: "report"; readonly report: LabReport }
  | { readonly kind: "machine"; readonly state: MachineState }
  /** The modules and devices were looked at. */
  | { readonly kind: "guest" }
  /** The guest went back to a checkpoint. */
  | { readonly kind: "restored" }
  /** A section's source has been read, at the start or since it was changed. */
  | { readonly kind: "source"; readonly path: string }
  /** A section's module has been written. */
  | { readonly kind: "built"; readonly path: string }
  /** What was found in the frozen guest is on the screen. */
  | { readonly kind: "autopsy-shown" }
  | { readonly kind: "shown"; readonly path: string };

/** What there is to know beside it. */
export interface CheckContext {
  readonly guest: GuestNow;
  readonly files: FilesNow;
  /** Whether another step of the section is done. */
  isDone(stepId: string): boolean;
}

/** Whether the step is done, by what was just seen. It may remember what it saw before. */
export type Watch = (seen: Seen, context: CheckContext) => boolean;

export interface GuideCheck {
  /** What it has to be told; it may be told more. A terminal can print a lot. */
  readonly sees: readonly Seen["kind"][];
  /** Makes a watch that has seen nothing yet. */
  begin(): Watch;
}

/** How the section's source has to be. */
export interface Wanted {
  readonly edit: SourceEdit;
  readonly state: EditState;
}

/** What a step's button does. */
export type StepAction =
  | { readonly kind: "type"; readonly line: string; readonly to: "shell" | "gdb" }
  /** Opens a file of the guest's, at the first line that holds a text. */
  | { readonly kind: "show"; readonly path: string; readonly at: string }
  /** Opens the section's source at the place of an edit, and makes the edit or takes it back. */
  | { readonly kind: "edit"; readonly path: string; readonly wanted: Wanted }
  /** Builds the module of a folder. */
  | { readonly kind: "build"; readonly folder: string }
  /** Shows what was found in the frozen guest. */
  | { readonly kind: "explain" }
  | { readonly kind: "rescue" };

/** What must be so before a step can succeed. */
export type StepNeed =
  /** The section's module is loaded. */
  | "module"
  /** No module of another section is. */
  | "no-other-module"
  /** No module is loaded that has the name, also none that the section's file was before. */
  | "no-module"
  /** The section's module is there, built of the source as it is. */
  | "built"
  /** The oops of section 4 has been decoded: its place is in the step's line. */
  | "place";

/** A step as a person does it in a page. Its texts mark code by backquotes. */
export interface GuideStep {
  /** Of its own in the section; kept in saved progress. */
  readonly id: string;
  readonly title: string;
  /** What happens in the kernel. */
  readonly text: string;
  /** In `line`, {@link PLACE} stands for the place that the section's report names. */
  readonly action: StepAction;
  readonly hint: string;
  /** What is different on a 64-bit machine, which most textbooks show. */
  readonly on64Bit?: string;
  readonly needs?: readonly StepNeed[];
  /** How the section's source has to be for the step to succeed. */
  readonly source?: Wanted;
  readonly check: GuideCheck;
}

export interface GuideSection extends SectionPaths {
  /** Also the name of its folder below the student's home. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** A word or two, for a tab. */
  readonly shortTitle: string;
  readonly introduction: string;
  /** What was learned, for the end. */
  readonly conclusion: string;
  readonly steps: readonly GuideStep[];
}

/** `hello_write+0x2b`, in a step's line. */
export const PLACE = "{place}";

/** Where a section's things lie in the guest. */
export interface SectionPaths {
  readonly folder: string;
  readonly source: string;
  readonly module: string;
}

export function paths(id: string): SectionPaths {
  const folder = `/home/student/${id}`;
  return { folder, source: `${folder}/hello.c`, module: `${folder}/hello.ko` };
}
