import { effect } from "@preact/signals";
import type { PageLab } from "../lab-context.js";
import { focusPane } from "./focus-pane.js";
import { formatMs, isDown } from "./machine-text.js";

/** Long enough to be read twice; good news need not be dismissed. */
const SHOWN_MS = 12_000;

/** Back to the last snapshot, and says how it went. */
export async function rescue({ store, actions, notices, panes }: PageLab): Promise<void> {
  try {
    const ms = await actions.rescue();
    const notice = notices.add({
      kind: "good",
      text: `The machine is back: it answered after ${formatMs(ms)}. Your files are as they were.`,
    });
    const stop = effect(() => {
      // It is no news any more.
      if (isDown(store.status.value.state)) notices.dismiss(notice);
    });
    setTimeout(() => {
      stop();
      notices.dismiss(notice);
    }, SHOWN_MS);
    panes.show("terminal");
    // The button that was pressed may be gone by then, and the focus with it.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) focusPane("terminal");
    });
  } catch (error) {
    notices.failed(error);
  }
}
