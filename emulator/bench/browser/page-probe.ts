import type { WorkerMessage } from "../../browser/expose-lab.js";

/** One key, in milliseconds. */
export interface Echo {
  /** From the key to the frame that shows what it made. */
  readonly total: number;
  /** Of it, from the message to the worker to the one with the echo: the guest, and the wait for it. */
  readonly worker: number;
}

/** What runs in the page, beside it, and looks at it. */
export interface PageProbe {
  /** When the page's terminal showed the answer to a command that the probe has typed. */
  answeredAt: number | undefined;
  /** What the terminal shows. */
  screen(): string;
  /** Waits for the echo of the next key, a character that is not on the screen. */
  awaitEcho(mark: string): void;
  /** Of the key last waited for. */
  echo: Echo | undefined;
}

declare global {
  var kspaceProbe: PageProbe;
}

/** Compilers with `keepNames` call it in functions; in the page it is not there. */
export const NAME_HELPER = "globalThis.__name ??= (value) => value;";

/**
 * Runs in each new page before its own scripts. It is sent there as text, and so uses nothing from
 * outside of it.
 */
export function installProbe(): void {
  const TYPED = "echo $((6*7))-answered\r";
  const ANSWER = /^42-answered$/m;
  const PROMPT = /\$$/;

  let hasTyped = false;
  let awaited: string | undefined;
  let keyAt = 0;
  let sentAt = 0;
  let cameAt: number | undefined;
  /** In a flood of rising numbers: the last one in front of the echo. */
  let numberBefore = Number.NaN;
  /** The last of what the guest has written. */
  let line = "";

  const probe: PageProbe = {
    answeredAt: undefined,
    echo: undefined,
    screen: () =>
      [...document.querySelectorAll(".xterm-rows > div")]
        .map((row) => (row.textContent ?? "").replaceAll("\u00a0", " ").trimEnd())
        .join("\n")
        .trimEnd(),
    awaitEcho: (mark) => {
      awaited = mark;
      line = "";
      probe.echo = undefined;
      cameAt = undefined;
    },
  };
  globalThis.kspaceProbe = probe;

  const awaitAnswer = (): void => {
    if (!hasTyped) {
      hasTyped = PROMPT.test(probe.screen());
      if (!hasTyped) return;
      // As the browser tells xterm.js of a text that was put in without keys.
      const input = { data: TYPED, inputType: "insertText", bubbles: true };
      document
        .querySelector(".xterm-helper-textarea")
        ?.dispatchEvent(new InputEvent("input", input));
    } else if (ANSWER.test(probe.screen())) {
      probe.answeredAt = performance.now();
    }
  };

  const awaitEcho = (): void => {
    if (awaited === undefined || cameAt === undefined) return;
    const screen = probe.screen();
    // In a flood it may have left the screen before it was drawn once.
    const last = Math.max(...(screen.match(/^\d+$/gm) ?? []).map(Number));
    const isShown = screen.includes(awaited) || last > numberBefore;
    if (!isShown) return;
    probe.echo = { total: performance.now() - keyAt, worker: cameAt - sentAt };
    awaited = undefined;
  };

  new MutationObserver(() => {
    if (probe.answeredAt === undefined) awaitAnswer();
    else awaitEcho();
  }).observe(document, { subtree: true, childList: true, characterData: true });

  const onKey = ({ timeStamp }: KeyboardEvent): void => {
    keyAt = timeStamp;
  };
  addEventListener("keydown", onKey, { capture: true });

  const decoder = new TextDecoder();
  const onMessage = (message: WorkerMessage): void => {
    if (message.lab !== "event" || message.event.kind !== "terminal") return;
    if (awaited === undefined || cameAt !== undefined) return;
    line += decoder.decode(message.event.bytes, { stream: true });
    const at = line.indexOf(awaited);
    if (at < 0) {
      line = line.slice(-200);
      return;
    }
    cameAt = performance.now();
    numberBefore = Number(
      line
        .slice(0, at)
        .match(/(\d+)\r?\n/g)
        ?.at(-1) ?? 0,
    );
    line = "";
  };

  const PageWorker = globalThis.Worker;
  globalThis.Worker = class extends PageWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener("message", ({ data }) => {
        // Others listen, too; what is handed over to one of them is still here.
        if (typeof data === "object" && data !== null && "lab" in data) onMessage(data);
      });
    }

    override postMessage(message: unknown, options?: Transferable[] | StructuredSerializeOptions) {
      sentAt = performance.now();
      super.postMessage(message, options as Transferable[]);
    }
  };
}
