import { ToolchainError } from "../errors.js";
import { FilePacks } from "../file-packs.js";
import { ModuleBuilder } from "../kbuild/module-builder.js";
import { ProgramBuilder } from "../program-builder.js";
import type { BuildAnswer, BuildRequest, FromBuildThread, ToBuildThread } from "./protocol.js";

/**
 * The other end of a `BuildSession`: what happens in the thread that builds.
 * @param send to the session
 * @returns what takes the session's messages, in their order
 */
export function serveBuilds(
  send: (message: FromBuildThread) => void,
): (message: ToBuildThread) => void {
  let builders: Builders | undefined;
  return (message) => {
    if (message.type === "open") builders = new Builders(message);
    else if (message.type === "files") builders?.add(message.pack, message.files);
    else void answer(builders, message.id, message.request).then(send);
  };
}

class Builders {
  readonly #modules: ModuleBuilder;
  readonly #programs: ProgramBuilder;
  readonly #packs: readonly FilePacks[];

  constructor({ programs, recipes, memoryLimit }: Extract<ToBuildThread, { type: "open" }>) {
    const headers = new FilePacks(recipes.module.tree, recipes.headers);
    const library = new FilePacks("", recipes.library);
    const recipe = recipes.module;
    this.#modules = new ModuleBuilder({ ...programs, recipe, headers, memoryLimit });
    const options = recipes.program;
    this.#programs = new ProgramBuilder({ kcc: programs.kcc, options, library, memoryLimit });
    this.#packs = [headers, library];
  }

  add(pack: string, files: ReadonlyMap<string, Uint8Array>): void {
    for (const all of this.#packs) {
      if (all.packs.some(({ name }) => name === pack)) all.add(pack, files);
    }
  }

  build(request: BuildRequest): Promise<BuildAnswer> {
    return request.kind === "module"
      ? this.#modules.build(request.sources)
      : this.#programs.build(request.sources);
  }
}

async function answer(
  builders: Builders | undefined,
  id: number,
  request: BuildRequest,
): Promise<FromBuildThread> {
  try {
    if (builders === undefined) return { type: "broken", id, why: "it was not opened" };
    return { type: "built", id, build: await builders.build(request) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const refused = error instanceof ToolchainError && error.code === "bad-request";
    return { type: refused ? "refused" : "broken", id, why };
  }
}
