import type { FromBuildThread } from "../../toolchain/index.js";
import { BuildWorkers, type ToBuildWorker } from "../build-workers.js";
import { compileFromPort } from "../compile-from-port.js";

/** What the browser calls a worker; its script does what it does when it is sent something. */
export class FakeBuildWorker extends EventTarget {
  readonly sent: ToBuildWorker[] = [];
  isTerminated = false;

  postMessage(message: ToBuildWorker): void {
    this.sent.push(message);
    if (message.type === "compile") void compileFromPort(message.port);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  answer(data: FromBuildThread): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  fail(message?: string): void {
    this.dispatchEvent(Object.assign(new Event("error"), message === undefined ? {} : { message }));
  }
}

/** @param opened gets those that are started, in their order */
export function fakeBuildWorkers(opened: FakeBuildWorker[]): BuildWorkers {
  return new BuildWorkers(() => {
    const worker = new FakeBuildWorker();
    opened.push(worker);
    return worker as unknown as Worker;
  });
}
