import type { HeaderPack } from "../kbuild/headers.js";
import type { ModuleBuild, ModuleSources } from "../kbuild/module-builder.js";
import type { KbuildRecipe } from "../kbuild/recipe.js";

/** What goes to the thread that builds. All of it can be sent with postMessage. */
export type ToBuildThread =
  /** Once, before anything else. */
  | {
      readonly type: "open";
      readonly kcc: WebAssembly.Module;
      readonly modpost: WebAssembly.Module;
      readonly recipe: KbuildRecipe;
      readonly packs: readonly HeaderPack[];
      /** For each program that is run, bytes. */
      readonly memoryLimit: number;
    }
  | {
      readonly type: "headers";
      readonly pack: string;
      readonly files: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly type: "build"; readonly id: number; readonly module: ModuleSources };

/** What comes from it, one for each build. */
export type FromBuildThread =
  | { readonly type: "built"; readonly id: number; readonly build: ModuleBuild }
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
