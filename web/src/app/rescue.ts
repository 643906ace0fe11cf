import type { PageLab } from "../lab-context.js";
import { formatMs } from "./machine-text.js";

/** Back to the last snapshot, and says how it went. */
export async function rescue({ actions, notices, panes }: PageLab): Promise<void> {
  try {
    const ms = await actions.rescue();
    notices.add({
      kind: "good",
      text: `The machine is back: it answered after ${formatMs(ms)}. Your files are as they were.`,
    });
    panes.show("terminal");
  } catch (error) {
    notices.failed(error);
  }
}
