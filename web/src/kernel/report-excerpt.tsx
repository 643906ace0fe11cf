import type { JSX } from "preact";
import type { SourceExcerpt } from "../../../emulator/reports/source-excerpt.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import { SourceLink } from "./source-link.js";

/** The lines around the culprit's own, that one marked. */
export function ReportExcerpt({ excerpt }: { readonly excerpt: SourceExcerpt }): JSX.Element {
  const { file, firstLine, markedLine, lines } = excerpt;
  const width = String(firstLine + lines.length - 1).length;
  return (
    <>
      <p class="report-card__place">
        <SourceLink location={{ file, line: markedLine, column: 0 }} />
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
      <pre class="code-block report-card__code" tabIndex={0}>
        {lines.map((text, index) => {
          const number = firstLine + index;
          const isMarked = number === markedLine;
          return (
            <span
              key={number}
              class={isMarked ? "report-card__line report-card__line--marked" : "report-card__line"}
            >
              <span class="report-card__number">
                {`${isMarked ? "➤" : " "} ${String(number).padStart(width)}  `}
              </span>
              {`${visible(text)}\n`}
            </span>
          );
        })}
      </pre>
    </>
  );
}
