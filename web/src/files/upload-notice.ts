import type { Notices } from "../app/notices.js";
import type { FileJobs } from "./file-jobs.js";

/** Long enough to be read twice. The way back is in the menu for longer. */
const SHOWN_MS = 12_000;

/** Tells what came of files that were dropped on a pane, where one sees it. */
export function tellOfUpload(notices: Notices, jobs: FileJobs): void {
  const outcome = jobs.outcome.value;
  if (outcome === undefined) return;
  const { text, isProblem, undo } = outcome;
  const takeBack = async (): Promise<void> => {
    notices.dismiss(id);
    await jobs.undo(outcome);
    const after = jobs.outcome.value;
    if (after?.isProblem === true) notices.add({ kind: "warning", text: after.text });
  };
  const id = notices.add({
    kind: isProblem ? "warning" : "good",
    text,
    ...(undo !== undefined && { action: { name: "Undo", run: () => void takeBack() } }),
  });
  if (!isProblem) setTimeout(() => notices.dismiss(id), SHOWN_MS);
}
