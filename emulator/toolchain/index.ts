/**
 * C source to a loadable module, by clang, lld and the kernel's modpost in WebAssembly.
 */
export { type Diagnostic, parseDiagnostics, type Severity, withoutColours } from "./diagnostics.js";
export { ToolchainError, type ToolchainErrorCode } from "./errors.js";
export { type HeaderPack, KernelHeaders, parseHeaderIndex } from "./kbuild/headers.js";
export {
  type BuildStep,
  type ModuleBuild,
  ModuleBuilder,
  type ModuleBuilderParts,
  type ModuleSources,
} from "./kbuild/module-builder.js";
export { type KbuildRecipe, parseRecipe } from "./kbuild/recipe.js";
export { Kcc } from "./kcc.js";
export {
  type BuildParts,
  BuildSession,
  type BuildSessionOptions,
  type FinishedBuild,
} from "./session/build-session.js";
export type {
  BuildThread,
  BuildThreadListener,
  FromBuildThread,
  StartBuildThread,
  ToBuildThread,
} from "./session/protocol.js";
export { serveBuilds } from "./session/serve-builds.js";
