import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { ShownAutopsy } from "../shown-autopsies.js";
import type { ShownReport } from "../shown-reports.js";
import { AutopsyCard } from "./autopsy-card.js";
import { ReportCard } from "./report-card.js";
import "./reports-view.css";

type Shown = ShownReport | ShownAutopsy;

/**
 * What the kernel has reported, the newest first and open, and above it what was found in a
 * machine that says nothing itself; below, what was so before a rescue.
 */
export function ReportsView(): JSX.Element {
  const { store } = useLab();
  const dismiss = (id?: number): void => {
    store.dismissReports(id);
    // The button that was pressed is gone, and the focus with it.
    document.getElementById("kernel-tab-reports")?.focus();
  };
  // Their numbers are of one series.
  const cards: readonly Shown[] = [...store.reports.value, ...store.autopsies.value].sort(
    (one, other) => other.id - one.id,
  );
  if (cards.length === 0) {
    return (
      <p class="kernel-pane__empty">
        Nothing went wrong so far. When the kernel reports an oops, a lockup or another fault, or
        freezes without a word, it is explained here, with its source lines.
      </p>
    );
  }
  const newest = cards[0]?.id;
  const past = cards.filter(({ isPast }) => isPast);
  const current = cards.filter(({ isPast }) => !isPast);
  const isAutopsy = (shown: Shown): shown is ShownAutopsy => "autopsy" in shown;
  const draw = (shown: Shown): JSX.Element => {
    const { id } = shown;
    const about = { isNewest: id === newest, onDismiss: () => dismiss(id) };
    return isAutopsy(shown) ? (
      <AutopsyCard key={id} shown={shown} {...about} />
    ) : (
      <ReportCard key={id} shown={shown} {...about} />
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="reports-view" aria-label="Reports of the kernel" tabIndex={0}>
      {/* On a phone no other pane has one, and the cards' headings need it above them. */}
      <h2 class="visually-hidden">Reports</h2>
      {current.filter(isAutopsy).map(draw)}
      {current.filter((shown) => !isAutopsy(shown)).map(draw)}
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
      {past.map(draw)}
    </section>
  );
}
