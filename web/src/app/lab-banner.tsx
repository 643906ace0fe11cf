import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { autopsyGist } from "../kernel/autopsy-words.js";
import { Sentence } from "../kernel/sentence.js";
import { useLab } from "../lab-context.js";
import "./lab-banner.css";
import { describeTrouble } from "./machine-text.js";
import { rescue } from "./rescue.js";
import { StartFailure } from "./start-failure.js";

/** What is wrong with the machine, if anything is, and the one thing that helps. */
export function LabBanner(): JSX.Element {
  const lab = useLab();
  const rescuing = useSignal(false);
  const start = lab.store.start.value;
  const trouble = describeTrouble(lab.store.status.value);

  const found = lab.store.status.value.state === "frozen" ? lab.store.autopsy.value : undefined;

  const onWhy = (): void => {
    lab.store.askForReports();
    // The effect that shows them has asked for the same frame, and before.
    requestAnimationFrame(() => document.getElementById("kernel-tab-reports")?.focus());
  };

  const onRescue = async (): Promise<void> => {
    rescuing.value = true;
    await rescue(lab);
    rescuing.value = false;
  };

  // The region is there before it has something to say: only then do screen readers say it.
  return (
    <div role="alert" class="lab-banner-place">
      {start.phase === "failed" ? (
        <StartFailure failure={start.failure} />
      ) : (
        trouble !== undefined && (
          <div class="lab-banner">
            <Icon name="warning" />
            <p class="lab-banner__text">
              <strong>{trouble.title}</strong> {trouble.explanation}{" "}
              {found !== undefined && (
                <span class="lab-banner__finding">
                  <Sentence text={autopsyGist(found.autopsy)} />
                </span>
              )}{" "}
              {trouble.place !== undefined && (
                <span class="lab-banner__place">
                  The CPU is in <code>{trouble.place}</code>
                  {trouble.detail !== undefined && `, ${trouble.detail}`}.
                </span>
              )}{" "}
              <span class="lab-banner__promise">
                Rescue goes back to the last snapshot; your files stay.
              </span>
            </p>
            {found !== undefined && (
              <button type="button" class="button" onClick={onWhy}>
                <Icon name="search" />
                See why
              </button>
            )}
            <button
              type="button"
              class="button button--danger"
              aria-keyshortcuts="F8"
              disabled={rescuing.value}
              onClick={onRescue}
            >
              <Icon name="rescue" />
              {rescuing.value ? "Rescuing" : "Rescue"} <kbd class="lab-banner__key">F8</kbd>
            </button>
          </div>
        )
      )}
    </div>
  );
}
