import { useComputed, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX, TargetedKeyboardEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import type { LabReport } from "../../../emulator/lab/index.js";
import { useLab } from "../lab-context.js";
import "./kernel-pane.css";
import { LogView } from "./log-view.js";
import { ModulesView } from "./modules-view.js";
import { ReportsView } from "./reports-view.js";

const TABS = ["log", "reports", "modules"] as const;
type Tab = (typeof TABS)[number];

const TITLES: Readonly<Record<Tab, string>> = {
  log: "Kernel log",
  reports: "Reports",
  modules: "Modules",
};

const VIEWS: Readonly<Record<Tab, ComponentType>> = {
  log: LogView,
  reports: ReportsView,
  modules: ModulesView,
};

/** The kernel's side of the lab: what it says, what went wrong in it, what is loaded. */
export function KernelPane(): JSX.Element {
  const { store } = useLab();
  const [tab, setTab] = useState<Tab>("log");
  const pane = useRef<HTMLDivElement>(null);
  const seen = useRef(0);
  const reports = store.currentReports.value;
  const modules = useComputed(() => store.guest.value.modules.length).value;

  useSignalEffect(() => {
    const newest = Math.max(
      seen.current,
      ...[...store.reports.value, ...store.autopsies.value].map(({ id }) => id),
    );
    // Nobody is pulled away from what they type here.
    const isTyping = pane.current?.querySelector("input:focus, select:focus") != null;
    if (newest > seen.current && !isTyping) setTab("reports");
    seen.current = newest;
  });

  useSignalEffect(() => {
    if (store.askedForReports.value > 0) setTab("reports");
  });

  const moveTo = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const at = TABS.indexOf(tab);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = TABS[(to + TABS.length) % TABS.length] ?? "log";
    setTab(next);
    event.currentTarget.querySelector<HTMLElement>(`#kernel-tab-${next}`)?.focus();
  };

  return (
    <div class="kernel-pane" ref={pane}>
      <div class="bar">
        <div class="tabs" role="tablist" aria-label="The kernel" onKeyDown={moveTo}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              class="tab"
              role="tab"
              id={`kernel-tab-${name}`}
              aria-selected={name === tab}
              aria-controls={`kernel-panel-${name}`}
              tabIndex={name === tab ? 0 : -1}
              onClick={() => setTab(name)}
            >
              {TITLES[name]}
              {name === "reports" && reports > 0 && (
                <span class="badge badge--danger">{reports}</span>
              )}
              {name === "modules" && modules > 0 && <span class="badge">{modules}</span>}
            </button>
          ))}
        </div>
      </div>
      {/* All of them stay, so that what was opened or scrolled in one is found again. */}
      {TABS.map((name) => {
        const View = VIEWS[name];
        return (
          <div
            key={name}
            class="kernel-pane__panel"
            id={`kernel-panel-${name}`}
            role="tabpanel"
            aria-labelledby={`kernel-tab-${name}`}
            hidden={name !== tab}
          >
            <View />
          </div>
        );
      })}
      <ReportAnnouncement />
    </div>
  );
}

/** Tells a screen reader of the newest report, whatever else is shown; the banner tells a freeze. */
function ReportAnnouncement(): JSX.Element {
  const { store } = useLab();
  const newest = store.reports.value.at(-1);
  const found = store.autopsy.value?.autopsy;
  const isBlocked = found?.finding.kind === "blocked";
  return (
    <p class="visually-hidden" role="status">
      {newest === undefined || newest.isPast ? "" : announcementOf(newest.decoded)}
      {isBlocked && withoutMarks(` ${found.sentence}`)}
    </p>
  );
}

function announcementOf({ report, explanation }: LabReport): string {
  return `Kernel report: ${report.title}. ${withoutMarks(explanation.sentence)}`;
}

function withoutMarks(sentence: string): string {
  return sentence.replaceAll("`", "");
}
