import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { ShownReport } from "../shown-reports.js";
import { ReportCard } from "./report-card.js";
import "./reports-view.css";

/** What the kernel has reported, the newest first and open; below it what was so before a rescue. */
export function ReportsView(): JSX.Element {
  const { store } = useLab();
  const reports = store.reports.value;
  if (reports.length === 0) {
    return (
      <p class="kernel-pane__empty">
        Nothing went wrong so far. When the kernel reports an oops, a lockup or another fault, it is
        explained here, with its source lines.
      </p>
    );
  }
  const dismiss = (id?: number): void => {
    store.dismissReports(id);
    // The button that was pressed is gone, and the focus with it.
    document.getElementById("kernel-tab-reports")?.focus();
  };
  const newest = reports.at(-1);
  const current = reports.filter(({ isPast }) => !isPast);
  const past = reports.filter(({ isPast }) => isPast);
  const cards = (shown: readonly ShownReport[]): JSX.Element[] =>
    shown
      .map((one) => (
        <ReportCard
          key={one.id}
          shown={one}
          isNewest={one === newest}
          onDismiss={() => dismiss(one.id)}
        />
      ))
      .reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="reports-view" aria-label="Reports of the kernel" tabIndex={0}>
      {cards(current)}
      {past.length > 0 && (
        <div class="reports-view__past">
          <p>
            {current.length === 0 && "The machine as it runs now has reported nothing. "}
            From before it went back to a snapshot:
          </p>
          <button type="button" class="button button--quiet" onClick={() => dismiss()}>
            <Icon name="trash" />
            Dismiss {past.length === 1 ? "it" : `all ${past.length}`}
          </button>
        </div>
      )}
      {cards(past)}
    </section>
  );
}
