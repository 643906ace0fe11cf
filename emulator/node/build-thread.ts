import { Worker } from "node:worker_threads";
import type { BuildThread, BuildThreadListener, FromBuildThread } from "../toolchain/index.js";

/**
 * Compiled, the worker lies beside this file and Node runs it as it is. From the sources (tests, tsx) it
 * needs the loader for TypeScript: neither vitest's transformation of modules nor an `--import` among
 * `execArgv` reaches a worker's first file in Node 20, so the worker registers the loader itself. To
 * run `serveBuilds` in this thread instead would be another thing: nothing could end it.
 */
function openWorker(): Worker {
  // Options that Node was called with, such as --input-type, are not for a worker's file.
  const options = { execArgv: [] };
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL("build-worker.js", import.meta.url), options);
  }
  const loader = import.meta.resolve("tsx/esm/api");
  const worker = new URL("build-worker.ts", import.meta.url).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(worker)});
  });`;
  return new Worker(start, { ...options, eval: true });
}

/** Starts a thread for the compiler. It keeps the process alive only while something is built. */
export function startBuildThread(listener: BuildThreadListener): BuildThread {
  const worker = openWorker();
  worker.unref();
  worker.on("message", (message: FromBuildThread) => {
    worker.unref();
    listener.onMessage(message);
  });
  worker.on("error", (error) => listener.onFailure(error.message));
  worker.on("messageerror", (error) => listener.onFailure(error.message));
  worker.on("exit", (status) => listener.onFailure(`its thread ended with status ${status}`));
  return {
    send(message) {
      // One answer comes for each build, and for nothing else.
      if (message.type === "build") worker.ref();
      worker.postMessage(message);
    },
    end() {
      worker.removeAllListeners();
      // What it still fails with concerns nobody.
      worker.on("error", () => undefined);
      worker.unref();
      void worker.terminate();
    },
  };
}
