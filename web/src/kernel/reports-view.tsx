import type { JSX } from "preact";
import { useLab } from "../lab-context.js";
import { ReportCard } from "./report-card.js";
import "./reports-view.css";

/** What the kernel has reported, the newest first and open. */
export function ReportsView(): JSX.Element {
  const reports = useLab().store.reports.value;
  if (reports.length === 0) {
    return (
      <p class="kernel-pane__empty">
        Nothing went wrong so far. When the kernel reports an oops, a lockup or another fault, it is
        explained here, with its source lines.
      </p>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="reports-view" aria-label="Reports of the kernel" tabIndex={0}>
      {reports
        .map((report, index) => (
          <ReportCard key={index} decoded={report} isNewest={index === reports.length - 1} />
        ))
        .reverse()}
    </section>
  );
}
