/** The thread in which the compiler runs in Node; `build-thread.ts` starts it. */
import { parentPort } from "node:worker_threads";
import { serveBuilds, type ToBuildThread } from "../toolchain/index.js";

const port = parentPort;
if (port === null) throw new Error("build-worker runs in a worker alone");
const take = serveBuilds((message) => port.postMessage(message));
port.on("message", (message: ToBuildThread) => take(message));
