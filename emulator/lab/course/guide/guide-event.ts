import type { KernelRecord } from "../../../console/index.js";
import type { LabReport } from "../../report-decoder.js";

/** What a page knows of a module that is loaded. */
export interface SeenModule {
  readonly name: string;
  /** The file that it was loaded from, where that is known. */
  readonly file: string | undefined;
}

/** What a course's guide is told of the lab, in the order in which it happens. */
export type GuideEvent =
  | { readonly kind: "terminal"; readonly bytes: Uint8Array }
  /** The guest went back to a checkpoint, or the page has just come: the terminal shows this. */
  | { readonly kind: "terminal-reset"; readonly backlog: Uint8Array }
  | { readonly kind: "kernel-log"; readonly records: readonly KernelRecord[] }
  /** The guest went back to a checkpoint: these are all the messages now. */
  | { readonly kind: "kernel-log-reset"; readonly records: readonly KernelRecord[] }
  | { readonly kind: "report"; readonly report: LabReport }
  | {
      readonly kind: "status";
      readonly status: { readonly state: MachineState; readonly guestMs: number };
    }
  | {
      readonly kind: "guest";
      readonly guest: {
        readonly modules: readonly SeenModule[];
        /** The kernel's number of the last message before the look: it may have missed later ones. */
        readonly asOf: number;
      };
    }
  /** How a section's source reads now; undefined when it is not there. */
  | { readonly kind: "source"; readonly path: string; readonly text: string | undefined }
  /** A section's module lay there when the guide came, was written since, or is not there. */
  | {
      readonly kind: "module-file";
      readonly path: string;
      readonly change: "found" | "built" | "removed";
    }
  /** What was found in the guest, now that it is frozen, is on the screen. */
  | { readonly kind: "autopsy-shown" }
  /** A file of the guest is open in the page, for the person to read. */
  | { readonly kind: "shown"; readonly path: string };

export type MachineState =
  | "running"
  | "idle"
  | "stalled"
  | "frozen"
  | "panicked"
  | "dead"
  | "paused";
