/**
 * C source to a loadable module or a program, by clang, lld and the kernel's modpost in WebAssembly.
 */
export type { BuildFailure, BuildSources, BuildStep } from "./build-result.js";
export { type Diagnostic, parseDiagnostics, type Severity, withoutColours } from "./diagnostics.js";
export { ToolchainError, type ToolchainErrorCode } from "./errors.js";
export { type FilePack, FilePacks, parsePacks } from "./file-packs.js";
export { includeNames } from "./kbuild/include-names.js";
export {
  type ModuleBuild,
  ModuleBuilder,
  type ModuleBuilderParts,
  type ModuleSources,
} from "./kbuild/module-builder.js";
export { type KbuildRecipe, parseRecipe } from "./kbuild/recipe.js";
export { Kcc } from "./kcc.js";
export {
  type ProgramBuild,
  ProgramBuilder,
  type ProgramBuilderParts,
  type ProgramSources,
  parseProgramOptions,
} from "./program-builder.js";
export {
  type BuildParts,
  BuildSession,
  type BuildSessionOptions,
  type FinishedModule,
  type FinishedProgram,
} from "./session/build-session.js";
export type {
  BuildPrograms,
  BuildRecipes,
  BuildThread,
  BuildThreadListener,
  FromBuildThread,
  StartBuildThread,
  ToBuildThread,
} from "./session/protocol.js";
export { serveBuilds } from "./session/serve-builds.js";
