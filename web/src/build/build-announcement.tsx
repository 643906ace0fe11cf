import type { JSX } from "preact";
import type { Job } from "./job.js";
import { announcementOf, type Told } from "./job-words.js";

/** Tells a screen reader how a build or a run goes: when it begins, and how it ends. */
export function BuildAnnouncement({
  job,
  told,
}: {
  readonly job: Job | undefined;
  readonly told: Told;
}): JSX.Element {
  return (
    <p class="visually-hidden" role="status">
      {job === undefined ? "" : announcementOf(job, told)}
    </p>
  );
}
