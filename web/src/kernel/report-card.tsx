import type { JSX } from "preact";
import { circumstances, reportLines } from "../../../emulator/reports/report-text.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import type { ShownReport } from "../shown-reports.js";
import { Card, CardAbout } from "./card.js";
import { ReportExcerpt } from "./report-excerpt.js";
import { ReportListing } from "./report-listing.js";
import { ReportMissing } from "./report-missing.js";
import { ReportRegisters } from "./report-registers.js";
import { ReportTrace } from "./report-trace.js";
import { Section } from "./section.js";
import { Sentence } from "./sentence.js";

/** One report: what happened in a sentence, and below that all that is known of it. */
export function ReportCard({
  shown,
  isNewest,
  onDismiss,
}: {
  readonly shown: ShownReport;
  readonly isNewest: boolean;
  readonly onDismiss: () => void;
}): JSX.Element {
  const { decoded, isPast } = shown;
  const { report, explanation, culprit, excerpt, trapListing, culpritListing } = decoded;
  return (
    <Card title={report.title} seconds={report.seconds} isPast={isPast} isFront={isNewest}>
      {() => (
        <>
          <p class="report-card__sentence">
            <Sentence text={explanation.sentence} />
          </p>
          {report.corrupted !== undefined && (
            <p class="note note--warning">{`Incomplete: ${visible(report.corrupted)}`}</p>
          )}
          {explanation.evidence.length > 0 && (
            <ul class="report-card__evidence" aria-label="What says so">
              {explanation.evidence.map((line, index) => (
                <li key={index}>
                  <Sentence text={line} />
                </li>
              ))}
            </ul>
          )}
          <CardAbout
            circumstances={circumstances(report)}
            text={() => reportLines(decoded)}
            onDismiss={isPast ? onDismiss : undefined}
          />
          <ReportMissing shown={shown} />
          {excerpt !== undefined && (
            <Section title="Source" isOpen>
              <ReportExcerpt excerpt={excerpt} />
            </Section>
          )}
          {decoded.frames.length > 0 && (
            <Section title="Trace" isOpen>
              <ReportTrace frames={decoded.frames} culprit={culprit} />
            </Section>
          )}
          {trapListing.length > 0 && (
            <Section title="Code at the instruction pointer">
              <ReportListing rows={trapListing} label="Code at the instruction pointer" />
            </Section>
          )}
          {culpritListing.length > 0 && (
            <Section title={`Code of ${visible(culprit?.frame.symbol ?? "the culprit")}`}>
              <ReportListing rows={culpritListing} label="Code of the culprit" />
            </Section>
          )}
          {report.registers.size > 0 && (
            <Section title="Registers">
              <ReportRegisters registers={report.registers} arch={report.arch} />
            </Section>
          )}
          <Section title="As the kernel printed it">
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
            <pre class="code-block" tabIndex={0}>
              {report.text.map(visible).join("\n")}
            </pre>
          </Section>
        </>
      )}
    </Card>
  );
}
