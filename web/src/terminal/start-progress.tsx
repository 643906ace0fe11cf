import type { JSX } from "preact";
import type { StartEvent } from "../../../emulator/browser/protocol.js";
import { formatBytes } from "../app/machine-text.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./start-progress.css";

type Step = StartEvent["step"];

const STEPS: readonly { readonly step: Step; readonly name: string }[] = [
  { step: "download", name: "Download the machine" },
  { step: "load", name: "Load the kernel and your files" },
  { step: "restore", name: "Restore the machine from its snapshot" },
];

/** How the start goes, in place of the terminal's first screen. */
export function StartProgress(): JSX.Element {
  const { store } = useLab();
  const start = store.start.value;
  if (start.phase === "failed") {
    return (
      <div class="start-progress">
        <p>The machine is not running. The bar at the top of the page says why.</p>
      </div>
    );
  }
  const event = start.phase === "starting" ? start.event : undefined;
  const current = STEPS.findIndex(({ step }) => step === (event?.step ?? "download"));
  return (
    <div class="start-progress">
      <h3 class="start-progress__title">Starting the machine</h3>
      <ol class="start-progress__steps">
        {STEPS.map(({ step, name }, index) => (
          <li
            key={step}
            class="start-progress__step"
            data-progress={index < current ? "done" : index === current ? "now" : "later"}
            aria-current={index === current ? "step" : undefined}
          >
            <span class="start-progress__mark">{index < current && <Icon name="check" />}</span>
            <span>{name}</span>
            {step === "download" && event?.step === "download" && (
              <span class="start-progress__bytes">
                {formatBytes(event.loadedBytes)} of {formatBytes(event.totalBytes)}
              </span>
            )}
          </li>
        ))}
      </ol>
      {event?.step === "download" && event.totalBytes > 0 ? (
        <progress
          class="start-progress__bar"
          aria-label="Download"
          max={event.totalBytes}
          value={event.loadedBytes}
        />
      ) : (
        <progress class="start-progress__bar" aria-label={STEPS[current]?.name ?? "Start"} />
      )}
      <p class="start-progress__note">The course can be read meanwhile.</p>
    </div>
  );
}
