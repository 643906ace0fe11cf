import type { JSX } from "preact";
import { useLab } from "../lab-context.js";
import "./touch-keys.css";

/** Keys that screen keyboards lack, as a terminal sends them (ECMA-48; xterm's cursor keys). */
const KEYS: readonly (readonly [name: string, label: string, sent: string])[] = [
  ["Ctrl-C", "Control C", "\x03"],
  ["Tab", "Tab", "\t"],
  ["Esc", "Escape", "\x1b"],
  ["\u2191", "Up", "\x1b[A"],
  ["\u2193", "Down", "\x1b[B"],
];

/** Shown where fingers are what one points with. */
export function TouchKeys(): JSX.Element {
  const { actions } = useLab();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of keys, not of form controls.
    <div class="touch-keys" role="group" aria-label="Keys">
      {KEYS.map(([name, label, sent]) => (
        <button
          key={name}
          type="button"
          class="button button--quiet"
          aria-label={label}
          // The focus, and with it the screen keyboard, stays where it is.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => actions.type(new TextEncoder().encode(sent))}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
