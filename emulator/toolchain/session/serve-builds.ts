import { ToolchainError } from "../errors.js";
import { KernelHeaders } from "../kbuild/headers.js";
import { ModuleBuilder, type ModuleSources } from "../kbuild/module-builder.js";
import type { FromBuildThread, ToBuildThread } from "./protocol.js";

/**
 * The other end of a `BuildSession`: what happens in the thread that builds.
 * @param send to the session
 * @returns what takes the session's messages, in their order
 */
export function serveBuilds(
  send: (message: FromBuildThread) => void,
): (message: ToBuildThread) => void {
  let builder: ModuleBuilder | undefined;
  return (message) => {
    if (message.type === "open") {
      const { kcc, modpost, recipe, packs, memoryLimit } = message;
      const headers = new KernelHeaders(recipe.tree, packs);
      builder = new ModuleBuilder({ kcc, modpost, recipe, headers, memoryLimit });
    } else if (message.type === "headers") {
      builder?.headers.add(message.pack, message.files);
    } else {
      void answer(builder, message.id, message.module).then(send);
    }
  };
}

async function answer(
  builder: ModuleBuilder | undefined,
  id: number,
  module: ModuleSources,
): Promise<FromBuildThread> {
  try {
    if (builder === undefined) return { type: "broken", id, why: "it was not opened" };
    return { type: "built", id, build: await builder.build(module) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const refused = error instanceof ToolchainError && error.code === "bad-request";
    return { type: refused ? "refused" : "broken", id, why };
  }
}
