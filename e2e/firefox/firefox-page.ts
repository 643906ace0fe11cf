import type { BidiSession } from "./bidi-session.js";

/** As WebDriver names it (11.4.2, "Keyboard actions"). */
const ENTER = "\ue007";

/** A tab of a Firefox with the page in it, by what a person sees and presses. */
export class FirefoxPage {
  readonly #session: BidiSession;
  readonly #context: string;

  private constructor(session: BidiSession, context: string) {
    this.#session = session;
    this.#context = context;
  }

  static async open(session: BidiSession, url: string): Promise<FirefoxPage> {
    await session.send("session.subscribe", { events: ["log.entryAdded"] });
    const { context } = (await session.send("browsingContext.create", { type: "tab" })) as {
      context: string;
    };
    const viewport = { width: 1280, height: 800 };
    await session.send("browsingContext.setViewport", { context, viewport });
    await session.send("browsingContext.navigate", { context, url, wait: "complete" });
    return new FirefoxPage(session, context);
  }

  /** Errors that the page has not caught, and what it wrote to the console as errors. */
  get errors(): readonly string[] {
    return this.#session.events.flatMap(({ method, params }) => {
      const { level, text } = params as { level: string; text: string };
      return method === "log.entryAdded" && level === "error" ? [text] : [];
    });
  }

  /** The lines that the terminal shows. */
  terminalText(): Promise<string> {
    return this.#evaluate(
      `[...document.querySelectorAll(".xterm-rows > div")]
        .map((row) => row.textContent.replaceAll("\\u00a0", " ").trimEnd()).join("\\n").trimEnd()`,
    );
  }

  /** The text of the first element that a CSS selector finds; empty without one. */
  textOf(selector: string): Promise<string> {
    return this.#evaluate(`document.querySelector(${JSON.stringify(selector)})?.innerText ?? ""`);
  }

  /** How many elements a CSS selector finds. */
  async count(selector: string): Promise<number> {
    const script = `String(document.querySelectorAll(${JSON.stringify(selector)}).length)`;
    return Number(await this.#evaluate(script));
  }

  /** Clicks, with the mouse, into the middle of the first element that a CSS selector finds. */
  async click(selector: string): Promise<void> {
    const place = await this.#evaluate(
      `(() => {
        const element = document.querySelector(${JSON.stringify(selector)});
        element?.scrollIntoView({ block: "center" });
        const box = element?.getBoundingClientRect();
        return box === undefined ? "" : JSON.stringify([box.x + box.width / 2, box.y + box.height / 2]);
      })()`,
    );
    if (place === "") throw new Error(`There is nothing to click on at ${selector}.`);
    const [x, y] = JSON.parse(place).map(Math.round);
    await this.#perform({
      type: "pointer",
      id: "mouse",
      actions: [
        { type: "pointerMove", x, y },
        { type: "pointerDown", button: 0 },
        { type: "pointerUp", button: 0 },
      ],
    });
  }

  /** Types a line into the terminal, key by key, and Enter. */
  async type(line: string): Promise<void> {
    await this.#evaluate(`(document.querySelector(".xterm-helper-textarea").focus(), "")`);
    const keys = [...line, ENTER];
    const actions = keys.flatMap((value) => [
      { type: "keyDown", value },
      { type: "keyUp", value },
    ]);
    await this.#perform({ type: "key", id: "keyboard", actions });
  }

  async #perform(source: object): Promise<void> {
    await this.#session.send("input.performActions", { context: this.#context, actions: [source] });
  }

  /** @param expression of JavaScript, whose value is a string */
  async #evaluate(expression: string): Promise<string> {
    const { type, result, exceptionDetails } = (await this.#session.send("script.evaluate", {
      expression,
      target: { context: this.#context },
      awaitPromise: true,
    })) as {
      type: string;
      result?: { value?: string };
      exceptionDetails?: { text: string };
    };
    if (type !== "success") throw new Error(exceptionDetails?.text ?? "The page threw.");
    return result?.value ?? "";
  }
}
