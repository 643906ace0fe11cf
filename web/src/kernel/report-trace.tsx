import type { JSX } from "preact";
import type { DecodedFrame } from "../../../emulator/reports/decode.js";
import { formatFrame } from "../../../emulator/reports/report.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import "./report-trace.css";
import { SourceLink } from "./source-link.js";
import { splitTraces } from "./split-traces.js";

/** The frames of a report, trace by trace, each with its place and what was inlined there. */
export function ReportTrace({
  frames,
  culprit,
}: {
  readonly frames: readonly DecodedFrame[];
  readonly culprit: DecodedFrame | undefined;
}): JSX.Element {
  const traces = splitTraces(frames);
  return (
    <>
      {traces.map(({ heading, frames: own }, index) => (
        <div key={index}>
          {traces.length > 1 && <h4 class="report-card__heading">{visible(heading)}</h4>}
          <ol class="report-trace">
            {own.map((decoded, at) => (
              <TraceFrame key={at} decoded={decoded} isCulprit={decoded === culprit} />
            ))}
          </ol>
        </div>
      ))}
    </>
  );
}

function TraceFrame({
  decoded: { frame, locations },
  isCulprit,
}: {
  readonly decoded: DecodedFrame;
  readonly isCulprit: boolean;
}): JSX.Element {
  const own = locations.at(-1);
  const inlined = locations.slice(0, -1).reverse();
  const look = isCulprit ? " report-trace__frame--culprit" : "";
  const doubt = frame.sure ? "" : " report-trace__frame--unsure";
  return (
    <li class={`report-trace__frame${look}${doubt}`}>
      <div class="report-trace__call">
        <span class="report-trace__mark" aria-hidden="true">
          {isCulprit ? "➤" : frame.sure ? "" : "?"}
        </span>
        <code class="report-trace__name">{visible(formatFrame(frame))}</code>
        {isCulprit && <span class="visually-hidden">, to blame,</span>}
        {!frame.sure && <span class="visually-hidden">, perhaps left over on the stack,</span>}
        {own !== undefined && <SourceLink location={own} />}
      </div>
      {inlined.map((location, index) => (
        <div class="report-trace__call report-trace__call--inlined" key={index}>
          <span class="report-trace__mark" aria-hidden="true">
            └
          </span>
          <span class="report-trace__name">
            <code>{`${visible(location.function)}()`}</code> inlined
          </span>
          <SourceLink location={location} />
        </div>
      ))}
    </li>
  );
}
