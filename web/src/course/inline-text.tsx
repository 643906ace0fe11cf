import type { JSX } from "preact";
import { textRuns } from "../../../emulator/lab/course/guide/index.js";

/** A text of the course, in which backquotes mark code. */
export function InlineText({ text }: { readonly text: string }): JSX.Element {
  return (
    <>
      {textRuns(text).map((run, index) =>
        // The runs of a text never change their places.
        run.isCode ? <code key={index}>{run.text}</code> : run.text,
      )}
    </>
  );
}
