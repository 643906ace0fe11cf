import {
  type Arch,
  type BuildFetchPart,
  type BuildSession,
  Builds,
  Images,
} from "../../lab/index.js";
import { nodeImageSource } from "../../node/index.js";
import type { CliContext } from "../context.js";
import { Progress } from "../progress.js";

/** What the command's guest is; the only one that there are images of. */
const ARCH: Arch = "i686";

/** Of two parts that are fetched at a time, the first is told: it takes longest. */
const FETCHING: readonly (readonly [BuildFetchPart, string])[] = [
  ["compiler", "Unpacking the compiler"],
  ["headers", "Unpacking the kernel's headers"],
  ["library", "Unpacking the C library"],
];

/** What the commands build with. */
export interface Compiler {
  readonly session: BuildSession;
  /** The folder that modules are compiled in, which their options may start from. */
  readonly tree: string;
  /** Says on a terminal what is being built. */
  show(what: string): void;
}

/** Does some work with the compiler, shows how far it is, and ends the compiler in any case. */
export async function withCompiler<T>(
  context: CliContext,
  work: (compiler: Compiler) => Promise<T>,
): Promise<T> {
  const progress = new Progress(context.stderr);
  using builds = new Builds(await Images.open(nodeImageSource()), ARCH);
  let building = "";
  let shown = "";
  const fetching = new Set<BuildFetchPart>();
  const show = (): void => {
    const [, text = building] = FETCHING.find(([part]) => fetching.has(part)) ?? [];
    if (text !== shown) progress.show(text);
    shown = text;
  };
  using _listening = builds.onFetch(({ part, state }) => {
    if (state === "fetching") fetching.add(part);
    else fetching.delete(part);
    show();
  });
  try {
    const { module } = await builds.recipes();
    return await work({
      session: await builds.session(),
      tree: module.tree,
      show: (what) => {
        building = `Building ${what}`;
        show();
      },
    });
  } finally {
    progress.clear();
  }
}
