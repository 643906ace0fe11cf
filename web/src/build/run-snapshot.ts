import { LabActionError, type LabActions } from "../lab-actions.js";
import type { JobRecord } from "./job.js";

/**
 * The snapshot that is taken before modules are loaded, for a rescue to go back to. There is one:
 * it takes tens of megabytes, and who runs a module a hundred times wants the last one.
 */
export class RunSnapshot {
  readonly #actions: Pick<LabActions, "checkpoint" | "forgetCheckpoint">;
  #id: number | undefined;

  constructor(actions: Pick<LabActions, "checkpoint" | "forgetCheckpoint">) {
    this.#actions = actions;
  }

  /** @throws (rejects) LabActionError, unless there is only no room for another one */
  async take(record: JobRecord, modules: readonly string[]): Promise<void> {
    const step = record.begin({ kind: "snapshot" });
    const files = modules.map((module) => `${module}.ko`).join(", ");
    try {
      const { id } = await this.#actions.checkpoint(`Before ${files || "the program"}`);
      const older = this.#id;
      this.#id = id;
      // Somebody may have forgotten it before, or the lab was started anew.
      if (older !== undefined) await this.#actions.forgetCheckpoint(older).catch(() => undefined);
      step.done();
    } catch (error) {
      if (!(error instanceof LabActionError && error.code === "refused")) throw error;
      step.failed({ why: `${error.message} A rescue goes back to the one before.` });
    }
  }
}
