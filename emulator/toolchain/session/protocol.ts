import type { FilePack } from "../file-packs.js";
import type { ModuleBuild, ModuleSources } from "../kbuild/module-builder.js";
import type { KbuildRecipe } from "../kbuild/recipe.js";
import type { ProgramBuild, ProgramSources } from "../program-builder.js";

/** How things are built for one image; the first pack of each list is what every build needs. */
export interface BuildRecipes {
  readonly module: KbuildRecipe;
  /** The kernel's headers. */
  readonly headers: readonly FilePack[];
  /** Options of clang for a program of the guest. */
  readonly program: readonly string[];
  /** The C library; no pack has the name of one of the kernel's headers. */
  readonly library: readonly FilePack[];
}

/** The WebAssembly programs that build, compiled for this machine. */
export interface BuildPrograms {
  readonly kcc: WebAssembly.Module;
  readonly modpost: WebAssembly.Module;
}

export type BuildRequest =
  | { readonly kind: "module"; readonly sources: ModuleSources }
  | { readonly kind: "program"; readonly sources: ProgramSources };

export type BuildAnswer = ModuleBuild | ProgramBuild;

/** What goes to the thread that builds. All of it can be sent with postMessage. */
export type ToBuildThread =
  /** Once, before anything else. */
  | {
      readonly type: "open";
      readonly programs: BuildPrograms;
      readonly recipes: BuildRecipes;
      /** For each program that is run, bytes. */
      readonly memoryLimit: number;
    }
  | {
      readonly type: "files";
      readonly pack: string;
      readonly files: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly type: "build"; readonly id: number; readonly request: BuildRequest };

/** What comes from it, one for each build. */
export type FromBuildThread =
  | { readonly type: "built"; readonly id: number; readonly build: BuildAnswer }
  | { readonly type: "refused"; readonly id: number; readonly why: string }
  /** A fault of ours. */
  | { readonly type: "broken"; readonly id: number; readonly why: string };

/** A thread of its own for the compiler: made by the platform, which runs `serveBuilds` in it. */
export interface BuildThread {
  send(message: ToBuildThread): void;
  /** Ends it at once, whatever it is doing. Nothing is heard of it any more. */
  end(): void;
}

export interface BuildThreadListener {
  onMessage(message: FromBuildThread): void;
  /** It ended by itself: the platform's words. */
  onFailure(why: string): void;
}

export type StartBuildThread = (listener: BuildThreadListener) => BuildThread;
