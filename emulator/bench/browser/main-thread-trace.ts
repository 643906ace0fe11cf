import type { CDPSession } from "@playwright/test";
import type { LabTab } from "./lab-tab.js";

/** The longest of the tasks that the page's main thread has done, in milliseconds. */
export interface LongestTask {
  /** By the clock on the wall, which goes on while other programs have the processor. */
  readonly wallMs: number;
  /** What the processor has worked for the task that took most of it. */
  readonly cpuMs: number;
}

/** A complete event (phase X) of Chromium's trace; times are in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  /** Of the thread. */
  readonly tdur?: number;
}

/** Chromium's name for all that a thread does at one go. */
const TASK = "ThreadControllerImpl::RunTask";
/** By which the page's main thread is told from others'. */
const MARK = "kspace-main-thread";

/** The tasks of the main threads of a browser's pages, by its trace. */
export class MainThreadTrace {
  readonly #session: CDPSession;
  readonly #events: TraceEvent[] = [];

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on("Tracing.dataCollected", ({ value }) => {
      for (const event of value as unknown as TraceEvent[]) {
        if (event.name === TASK || event.name === MARK) this.#events.push(event);
      }
    });
  }

  /** @param session of any of the browser's pages: all are traced. */
  static async start(session: CDPSession): Promise<MainThreadTrace> {
    const trace = new MainThreadTrace(session);
    await session.send("Tracing.start", {
      transferMode: "ReportEvents",
      traceConfig: {
        includedCategories: ["toplevel", "blink.user_timing"],
        excludedCategories: ["*"],
      },
    });
    return trace;
  }

  async end({ page }: LabTab): Promise<LongestTask> {
    await page.evaluate((mark) => void performance.mark(mark), MARK);
    const complete = new Promise((resolve) =>
      this.#session.once("Tracing.tracingComplete", resolve),
    );
    await this.#session.send("Tracing.end");
    await complete;
    const mark = this.#events.find(({ name }) => name === MARK);
    if (mark === undefined) throw new Error("The trace does not tell which thread is the page's.");
    const tasks = this.#events.filter(
      ({ name, ph, pid, tid }) =>
        name === TASK && ph === "X" && pid === mark.pid && tid === mark.tid,
    );
    const most = (times: readonly (number | undefined)[]): number =>
      times.reduce<number>((most, time) => Math.max(most, (time ?? 0) / 1000), 0);
    return {
      wallMs: most(tasks.map(({ dur }) => dur)),
      cpuMs: most(tasks.map(({ tdur }) => tdur)),
    };
  }
}
