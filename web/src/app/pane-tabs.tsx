import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import { Icon, type IconName } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { Pane, PaneGroup } from "./panes.js";
import "./pane-tabs.css";

const TABS: Readonly<Record<Pane, { readonly name: string; readonly icon: IconName }>> = {
  course: { name: "Course", icon: "book" },
  editor: { name: "Editor", icon: "file" },
  terminal: { name: "Terminal", icon: "terminal" },
  kernel: { name: "Kernel", icon: "chip" },
};

/** The tabs of the panes that share one place. */
export function PaneTabs({ tabs }: { readonly tabs: PaneGroup }): JSX.Element {
  const { panes, store } = useLab();
  const list = useRef<HTMLDivElement>(null);
  const shown = panes.shown.value;
  const reports = store.currentReports.value;

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const current = tabs.findIndex((pane) => shown.has(pane));
    const next: Readonly<Record<string, number>> = {
      ArrowLeft: (current + tabs.length - 1) % tabs.length,
      ArrowRight: (current + 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const pane = tabs[next[event.key] ?? -1];
    if (pane === undefined) return;
    event.preventDefault();
    panes.show(pane);
    list.current?.querySelector<HTMLElement>(`#tab-${pane}`)?.focus();
  };

  return (
    <div class="pane-tabs tabs" role="tablist" aria-label="Panes" onKeyDown={onKeyDown} ref={list}>
      {tabs.map((pane) => (
        <button
          key={pane}
          id={`tab-${pane}`}
          type="button"
          class="tab"
          role="tab"
          aria-selected={shown.has(pane)}
          aria-controls={`pane-${pane}`}
          tabIndex={shown.has(pane) ? 0 : -1}
          onClick={() => panes.show(pane)}
        >
          <Icon name={TABS[pane].icon} />
          {TABS[pane].name}
          {pane === "kernel" && reports > 0 && (
            <span class="badge badge--danger">
              {reports}
              <span class="visually-hidden"> {reports === 1 ? "report" : "reports"}</span>
            </span>
          )}
        </button>
      ))}
    </div>
  );
}
