import type { JSX } from "preact";
import { visible } from "../../../emulator/reports/text-layout.js";
import { splitCode } from "./split-code.js";

/** A sentence of the lab's, with the code in it that stood between backquotes. */
export function Sentence({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {splitCode(visible(text)).map(({ isCode, text: piece }, index) =>
        isCode ? <code key={index}>{piece}</code> : piece,
      )}
    </>
  );
}
