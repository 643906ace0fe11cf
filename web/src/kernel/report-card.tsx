import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { circumstances, reportLines } from "../../../emulator/reports/report-text.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import { Icon } from "../icons.js";
import type { ShownReport } from "../shown-reports.js";
import { CopyButton } from "./copy-button.js";
import "./report-card.css";
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
  const [isOpen, setIsOpen] = useState(isNewest);
  // An older one makes room for the newest.
  useEffect(() => setIsOpen(isNewest), [isNewest]);
  return (
    <details
      class={isPast ? "report-card report-card--past" : "report-card"}
      open={isOpen}
      onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}
    >
      <summary class="report-card__summary">
        <h3 class="report-card__title">
          {isPast && <span class="badge report-card__past">before the rescue</span>}
          {visible(report.title)}
        </h3>
        {report.seconds !== undefined && (
          <span class="report-card__time">{`${report.seconds.toFixed(3)} s`}</span>
        )}
      </summary>
      {isOpen && (
        <div class="report-card__body">
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
          <div class="report-card__about">
            <p class="report-card__circumstances">{visible(circumstances(report).join(" · "))}</p>
            <CopyButton label="Copy as text" text={() => `${reportLines(decoded).join("\n")}\n`} />
            {isPast && (
              <button type="button" class="button button--quiet" onClick={onDismiss}>
                <Icon name="trash" />
                Dismiss
              </button>
            )}
          </div>
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
        </div>
      )}
    </details>
  );
}
