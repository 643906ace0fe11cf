import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import type { LabActions } from "../lab-actions.js";
import type { SourceTarget } from "../lab-store.js";
import { SourceLinkProvider } from "./source-link-provider.js";
import { readTerminalTheme, readToken } from "./terminal-theme.js";
import { TerminalWriter } from "./terminal-writer.js";
import { leaveUnanswered } from "./unanswered-queries.js";

/** Some hundred screens; at 80 columns about 5 MB of memory. */
const SCROLL_BACK_LINES = 5000;

/** xterm.js on the guest's first serial line. */
export class GuestTerminal implements Disposable {
  readonly #terminal: Terminal;
  readonly #fit = new FitAddon();
  readonly #element: HTMLElement;
  readonly #actions: LabActions;
  readonly #stops: Disposable[] = [];

  /** @param element which it fills, and follows in size */
  constructor(
    element: HTMLElement,
    actions: LabActions,
    show: (target: SourceTarget) => void,
    screenReaderMode: boolean,
  ) {
    this.#element = element;
    this.#actions = actions;
    const terminal = new Terminal({
      scrollback: SCROLL_BACK_LINES,
      screenReaderMode,
      fontFamily: readToken(element, "--font-code"),
      fontSize: fontSizeOf(element),
      lineHeight: 1.15,
      theme: readTerminalTheme(element),
      // Programs choose colours that they have not seen on our background.
      minimumContrastRatio: 4.5,
      cursorBlink: false,
    });
    this.#terminal = terminal;
    terminal.loadAddon(this.#fit);
    terminal.open(element);
    terminal.textarea?.setAttribute("aria-label", "Terminal of the guest. F6 leaves it.");
    terminal.registerLinkProvider(new SourceLinkProvider(terminal, show));
    terminal.attachCustomKeyEventHandler((event) => this.#handleKey(event));
    this.#fitToElement();

    const writer = new TerminalWriter(terminal, (run) => requestAnimationFrame(run));
    const encoder = new TextEncoder();
    leaveUnanswered(terminal, () => writer.replaying);
    terminal.onData((data) => {
      writer.typed();
      actions.type(encoder.encode(data));
    });
    terminal.onBinary((data) => {
      actions.type(Uint8Array.from(data, (character) => character.charCodeAt(0)));
    });
    terminal.onResize(({ cols, rows }) => actions.resize(cols, rows));
    this.#stops.push(
      actions.onTerminal((event) => {
        if (event.kind === "output") writer.write(event.bytes);
        else writer.reset(event.backlog);
      }),
    );
    const observer = new ResizeObserver(() => this.#fitToElement());
    observer.observe(element);
    this.#stops.push({ [Symbol.dispose]: () => observer.disconnect() });
  }

  focus(): void {
    this.#terminal.focus();
  }

  setScreenReaderMode(on: boolean): void {
    this.#terminal.options.screenReaderMode = on;
  }

  /** After the theme has changed. */
  readTheme(): void {
    this.#terminal.options.theme = readTerminalTheme(this.#element);
  }

  /** Tells the guest how large its terminal is. */
  announceSize(): void {
    this.#actions.resize(this.#terminal.cols, this.#terminal.rows);
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops) stop[Symbol.dispose]();
    this.#terminal.dispose();
  }

  #fitToElement(): void {
    // A hidden pane has no size, and a terminal of no columns would lose its lines.
    if (this.#element.clientWidth === 0 || this.#element.clientHeight === 0) return;
    const size = fontSizeOf(this.#element);
    if (this.#terminal.options.fontSize !== size) this.#terminal.options.fontSize = size;
    this.#fit.fit();
  }

  /** @returns whether the terminal shall handle the key, and so the guest get it. */
  #handleKey(event: KeyboardEvent): boolean {
    if (event.type !== "keydown" || !event.ctrlKey || !event.shiftKey) return true;
    switch (event.code) {
      case "KeyC":
        // The browsers would open their inspector.
        event.preventDefault();
        void this.#copy();
        return false;
      case "KeyV":
        // The browser pastes into the terminal's text area, which needs no permission.
        return false;
      default:
        return true;
    }
  }

  async #copy(): Promise<void> {
    const selection = this.#terminal.getSelection();
    if (selection === "") return;
    try {
      await navigator.clipboard.writeText(selection);
    } catch {
      // Not permitted, or no secure context: xterm.js answers the older way with its selection.
      document.execCommand("copy");
    }
  }
}

/** In pixels: xterm.js knows no other unit. */
function fontSizeOf(element: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(element).fontSize);
}
