import {
  NO_PROGRESS,
  parseProgress,
  type SavedProgress,
} from "../../../emulator/lab/course/guide/index.js";
import { BrowserStorage } from "./browser-storage.js";
import { Edits } from "./edits.js";
import { watchOtherTabs } from "./other-tabs.js";
import { SavedValue } from "./saved-value.js";
import type { StorageProblem } from "./storage-problem.js";

export interface PageStorage extends Disposable {
  readonly edits: Edits;
  /** How far the course has been done. */
  readonly progress: SavedValue<SavedProgress>;
}

export interface PageStorageOptions {
  /** Edits or progress cannot be kept, or were lost. May be called again for the same reason. */
  onProblem(problem: StorageProblem): void;
  /** Another tab has the lab open, or no longer has. */
  onOtherTab(isOther: boolean): void;
}

/** Opens what this browser keeps for the page, by the folder that the page is served from. */
export function openPageStorage(options: PageStorageOptions): PageStorage {
  const area = `kspace${new URL(".", document.baseURI).pathname}`;
  const storage = new BrowserStorage(() => globalThis.localStorage, area, options.onProblem);
  const otherTabs = watchOtherTabs(area, options.onOtherTab);
  return {
    edits: new Edits(storage),
    progress: new SavedValue(storage, "progress", "Your progress in the course", (stored) => {
      const progress = parseProgress(stored);
      return progress === NO_PROGRESS ? undefined : progress;
    }),
    [Symbol.dispose]: () => otherTabs[Symbol.dispose](),
  };
}
