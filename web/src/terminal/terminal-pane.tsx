import { untracked, useSignal, useSignalEffect } from "@preact/signals";
import "@xterm/xterm/css/xterm.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { kept } from "../app/kept.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { GuestTerminal } from "./guest-terminal.js";
import { StartProgress } from "./start-progress.js";
import "./terminal-pane.css";
import { TouchKeys } from "./touch-keys.js";

const screenReaderMode = kept("screen-reader-mode", false, (stored) => stored === true);

/** The guest's terminal, and how its start goes until there is one. */
export function TerminalPane(): JSX.Element {
  const { store, actions, theme } = useLab();
  const screen = useRef<HTMLDivElement>(null);
  const terminal = useSignal<GuestTerminal | undefined>(undefined);
  const readsAloud = useSignal(screenReaderMode.read());
  const { phase } = store.start.value;

  useEffect(() => {
    // A task of its own: xterm.js measures its letters, and the page's first picture is due.
    const opening = setTimeout(() => {
      if (screen.current === null) return;
      terminal.value = new GuestTerminal(
        screen.current,
        actions,
        (target) => store.show(target),
        readsAloud.peek(),
      );
    });
    return () => {
      clearTimeout(opening);
      terminal.peek()?.[Symbol.dispose]();
      terminal.value = undefined;
    };
  }, [actions, store, readsAloud, terminal]);

  useSignalEffect(() => {
    if (theme.changes.value > 0) terminal.peek()?.readTheme();
  });

  useSignalEffect(() => {
    const guest = terminal.value;
    if (guest === undefined || store.start.value.phase !== "ready") return;
    untracked(() => guest.announceSize());
    // A person who has begun to do something else is not interrupted.
    if (document.activeElement === document.body) guest.focus();
  });

  const onScreenReaderMode = (): void => {
    readsAloud.value = !readsAloud.value;
    screenReaderMode.write(readsAloud.value);
    terminal.peek()?.setScreenReaderMode(readsAloud.value);
  };

  return (
    <div class="terminal-pane">
      <div class="bar">
        <h2 class="bar__title">Terminal</h2>
        <span class="terminal-pane__hint">
          <kbd class="key">F6</kbd> leaves it
        </span>
        <span class="bar__space" />
        <TouchKeys />
        <button
          type="button"
          class="icon-button"
          aria-pressed={readsAloud.value}
          aria-label="Screen reader mode"
          title="Screen reader mode: the terminal's lines as text"
          onClick={onScreenReaderMode}
        >
          <Icon name="person" />
        </button>
      </div>
      <div class="terminal-pane__area">
        <div class="terminal-pane__screen" ref={screen} />
        {phase !== "ready" && <StartProgress />}
      </div>
    </div>
  );
}
