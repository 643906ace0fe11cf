/**
 * The thread in which the compiler runs in a browser; `build-workers.ts` starts it. It also unpacks
 * and compiles the compiler itself, for which the lab's own worker has no time: the guest runs there.
 */
import "./symbol-dispose.js";

import { serveBuilds } from "../toolchain/index.js";
import type { ToBuildWorker } from "./build-workers.js";
import { compileFromPort } from "./compile-from-port.js";

const take = serveBuilds((message) => postMessage(message));

addEventListener("message", ({ data }: MessageEvent<ToBuildWorker>) => {
  if (data.type === "compile") void compileFromPort(data.port);
  else take(data);
});
