import type {
  BuildThread,
  BuildThreadListener,
  FromBuildThread,
  ToBuildThread,
} from "../toolchain/index.js";
import { PackedProgram } from "./packed-program.js";

/** What goes to the worker of `build-worker.ts`. */
export type ToBuildWorker =
  | ToBuildThread
  /** Of a {@link PackedProgram}. */
  | { readonly type: "compile"; readonly port: MessagePort };

/** Of a worker whose script does not come, browsers say nothing. */
const NO_SCRIPT =
  "its script could not be downloaded, or there is no memory for it; check that you are online, " +
  "then try again";

/**
 * The compiler's workers. They are made by the lab's own worker and end with it, whoever ends that
 * one, and however; the page need not know of them.
 */
export class BuildWorkers {
  readonly #open: () => Worker;
  /** It compiles the compiler, or has: the first build finds it started. */
  #spare: Worker | undefined;

  /** @param open starts a worker that runs `build-worker.ts` */
  constructor(open: () => Worker) {
    this.#open = open;
  }

  /** Starts a thread for builds. */
  readonly start = (listener: BuildThreadListener): BuildThread => {
    const worker = this.#spare ?? this.#open();
    this.#spare = undefined;
    const ended = new AbortController();
    const { signal } = ended;
    const onMessage = ({ data }: MessageEvent<FromBuildThread>): void => listener.onMessage(data);
    const onError = (event: Event): void => listener.onFailure(whyOf(event));
    worker.addEventListener("message", onMessage, { signal });
    worker.addEventListener("error", onError, { signal });
    worker.addEventListener("messageerror", onError, { signal });
    const send = (message: ToBuildWorker): void => worker.postMessage(message);
    return {
      send,
      end() {
        ended.abort();
        worker.terminate();
      },
    };
  };

  /** Has a program unpacked and compiled in a thread while it is downloaded. */
  compile(): PackedProgram {
    this.#spare ??= this.#openSpare();
    const { port1, port2 } = new MessageChannel();
    const program = new PackedProgram(port1);
    const message: ToBuildWorker = { type: "compile", port: port2 };
    this.#spare.postMessage(message, [port2]);
    this.#spare.addEventListener("error", (event) => program.fail(new Error(whyOf(event))));
    return program;
  }

  #openSpare(): Worker {
    const worker = this.#open();
    worker.addEventListener("error", () => {
      if (this.#spare === worker) this.#spare = undefined;
    });
    return worker;
  }
}

function whyOf(event: Event): string {
  // What the script itself threw has a message.
  const message = "message" in event ? event.message : undefined;
  return typeof message === "string" && message !== "" ? message : NO_SCRIPT;
}
