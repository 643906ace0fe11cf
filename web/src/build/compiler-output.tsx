import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { colouredPieces } from "./coloured-text.js";

/** Hundreds of messages: who needs more of them takes the first ones first. */
const MOST_CHARACTERS = 60_000;

/** What a compiler wrote, in its colours; drawn when somebody wants to read it. */
export function CompilerOutput({ text }: { readonly text: string }): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const left = text.length - MOST_CHARACTERS;
  return (
    <details
      class="compiler-output"
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary class="compiler-output__summary">What the compiler wrote</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
        <pre class="code-block compiler-output__text" tabIndex={0}>
          {colouredPieces(text.slice(0, MOST_CHARACTERS)).map(
            ({ text: piece, isBold, colour }, index) =>
              isBold || colour !== undefined ? (
                <span key={index} data-bold={isBold} data-colour={colour}>
                  {piece}
                </span>
              ) : (
                piece
              ),
          )}
          {left > 0 && `\n… and ${left.toLocaleString("en")} characters more`}
        </pre>
      )}
    </details>
  );
}
