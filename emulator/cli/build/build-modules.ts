import type { BuildSession, FinishedModule } from "../../lab/index.js";
import { type Finished, timed } from "./finished.js";
import type { PlannedModule } from "./module-plan.js";

export interface BuiltModule extends Finished<FinishedModule> {
  readonly planned: PlannedModule;
}

export interface BuildModulesOptions {
  readonly signal: AbortSignal;
  readonly colours: boolean;
  readonly show: (what: string) => void;
}

/**
 * Builds modules that may use each other's symbols, in whatever order they come: one that lacks
 * some is built again when others have been.
 * @throws (rejects) as `BuildSession.buildModule`
 */
export async function buildModules(
  session: BuildSession,
  modules: readonly PlannedModule[],
  { signal, colours, show }: BuildModulesOptions,
): Promise<BuiltModule[]> {
  const ended = new Map<PlannedModule, BuiltModule>();
  const exports = new Map<PlannedModule, string>();
  let pending = [...modules];
  while (pending.length > 0) {
    const before = exports.size;
    for (const planned of pending) {
      show(`${planned.module.name}.ko`);
      const others = [...exports.values()].filter((text) => text !== "");
      const module = { ...planned.module, exports: others, colours };
      const finished = await timed(() => session.buildModule(module, signal));
      ended.set(planned, { ...finished, planned });
      if (finished.build.outcome === "built") exports.set(planned, finished.build.exports);
    }
    pending =
      exports.size > before ? pending.filter((planned) => lacksSymbols(ended.get(planned))) : [];
  }
  return modules.flatMap((planned) => ended.get(planned) ?? []);
}

function lacksSymbols(built: BuiltModule | undefined): boolean {
  return built?.build.outcome === "failed" && built.build.step === "modpost";
}
