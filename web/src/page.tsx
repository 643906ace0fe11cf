import { render } from "preact";
import { App } from "./app/app.js";
import { Notices } from "./app/notices.js";
import { followPacks } from "./app/pack-notices.js";
import { Panes } from "./app/panes.js";
import { ThemeChoice } from "./app/theme.js";
import { LAB_ASSETS } from "./lab-assets.js";
import { prepareBuildsAhead } from "./lab-build-ahead.js";
import { connectLab } from "./lab-connection.js";
import type { PageLab } from "./lab-context.js";
import { LabPageActions } from "./lab-page-actions.js";
import { LabStore } from "./lab-store.js";
import { keepOffline, takeNewVersion } from "./offline/keep-offline.js";
import { openNotedStorage } from "./storage/noted-storage.js";

/** Opens the page in index.html. */
export async function openPage(): Promise<void> {
  if (await takeNewVersion()) return;
  const store = new LabStore();
  const notices = new Notices();
  const storage = openNotedStorage(notices);
  const actions = new LabPageActions({
    store,
    assets: LAB_ASSETS,
    connect: connectLab,
    edits: storage.edits,
    onRefusedFiles: (paths) =>
      notices.add({
        kind: "warning",
        text: `These files of yours did not fit into the guest: ${paths.join(", ")}.`,
      }),
  });
  const lab: PageLab = {
    store,
    actions,
    panes: new Panes(),
    notices,
    theme: new ThemeChoice(),
    storage,
  };
  const place = document.getElementById("app");
  if (place === null) throw new Error("index.html has no #app.");
  // What goes wrong is in the store, and so on the page.
  actions.start().catch(() => undefined);
  place.replaceChildren();
  render(<App lab={lab} />, place);
  followPacks(lab);
  prepareBuildsAhead(lab);
  keepOffline(lab);
}
