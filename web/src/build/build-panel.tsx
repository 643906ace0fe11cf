import { useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { isDown } from "../app/machine-text.js";
import { Icon, type IconName } from "../icons.js";
import { Sentence } from "../kernel/sentence.js";
import { useLab } from "../lab-context.js";
import { BuildAnnouncement } from "./build-announcement.js";
import { BuildDownload } from "./build-download.js";
import { buildOf } from "./build-model.js";
import "./build-panel.css";
import type { Job } from "./job.js";
import { JobSteps } from "./job-steps.js";
import { causedBy, describeJob, type JobWords, type Told, toldOf } from "./job-words.js";

const ICONS: Readonly<Record<Exclude<JobWords["look"], "busy">, IconName>> = {
  good: "check",
  warning: "warning",
  danger: "error",
  plain: "none",
};

/**
 * How the last build or run goes or has gone: in a line below the text that was built, so that a
 * problem and its source are in sight together, and step by step when it is opened.
 */
export function BuildPanel(): JSX.Element {
  const lab = useLab();
  const model = buildOf(lab);
  const job = model.job.value;
  const told = { reports: lab.store.reports.value, autopsies: lab.store.autopsies.value };
  const words = job && describeJob(job, told);
  const isOpen = model.isOpen.value;
  return (
    <>
      <BuildAnnouncement job={job} told={told} />
      {job !== undefined && words !== undefined && (
        <section class="build-panel" aria-label="Build" data-look={words.look}>
          <div class="build-panel__bar">
            <button
              type="button"
              class="build-panel__toggle"
              aria-expanded={isOpen}
              aria-controls="build-panel-steps"
              title={isOpen ? "Hide the steps" : "Show the steps"}
              onClick={() => {
                model.isOpen.value = !isOpen;
              }}
            >
              <Icon name={isOpen ? "chevron" : "next"} />
              {words.look === "busy" ? (
                <span class="build-ring" />
              ) : (
                <span class="build-panel__look">
                  <Icon name={ICONS[words.look]} />
                </span>
              )}
              <span class="build-panel__sentence">
                <Sentence text={words.sentence} />
              </span>
            </button>
            <Actions job={job} told={told} />
          </div>
          <BuildDownload />
          <section
            class="build-panel__steps"
            id="build-panel-steps"
            hidden={!isOpen}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
            tabIndex={0}
            aria-label="Steps"
          >
            <JobSteps job={job} told={toldOf(job, told)} />
          </section>
        </section>
      )}
    </>
  );
}

/** What can be done about it. */
function Actions({ job, told }: { readonly job: Job; readonly told: Told }): JSX.Element | null {
  const lab = useLab();
  const { store } = lab;
  const isMachineDown = useComputed(() => isDown(store.status.value.state)).value;
  if (job.end === undefined) {
    return (
      <button type="button" class="button" onClick={() => buildOf(lab).cancel()}>
        <Icon name="close" />
        Cancel <kbd class="key build-panel__key">Esc</kbd>
      </button>
    );
  }
  const { report, autopsy } = causedBy(job, told);
  // The bar over the page says it as well, with the same buttons.
  if (isMachineDown || (report === undefined && autopsy === undefined)) return null;
  return (
    <button type="button" class="button" onClick={() => store.askForReports()}>
      <Icon name="search" />
      See why
    </button>
  );
}
