import { compiledEngine } from "./compile-engine.js";

/** Vitest's global set-up: compiles the engine once, so that no test waits for it. */
export default async function compileBeforeTests(): Promise<void> {
  await compiledEngine();
}
