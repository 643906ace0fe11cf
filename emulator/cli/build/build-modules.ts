import type { BuildSession, FinishedModule } from "../../lab/index.js";
import type { PlannedModule } from "./module-plan.js";

/** How the build of one thing went. */
export interface Finished<T> {
  readonly build: T;
  /** Host milliseconds. */
  readonly ms: number;
}

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
      const start = performance.now();
      const others = [...exports.values()].filter((text) => text !== "");
      const module = { ...planned.module, exports: others, colours };
      const build = await session.buildModule(module, signal);
      ended.set(planned, { planned, build, ms: performance.now() - start });
      if (build.outcome === "built") exports.set(planned, build.exports);
    }
    pending =
      exports.size > before ? pending.filter((planned) => lacksSymbols(ended.get(planned))) : [];
  }
  return modules.flatMap((planned) => ended.get(planned) ?? []);
}

function lacksSymbols(built: BuiltModule | undefined): boolean {
  return built?.build.outcome === "failed" && built.build.step === "modpost";
}
