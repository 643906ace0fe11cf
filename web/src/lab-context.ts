import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Notices } from "./app/notices.js";
import type { Panes } from "./app/panes.js";
import type { ThemeChoice } from "./app/theme.js";
import type { LabActions } from "./lab-actions.js";
import type { LabStore } from "./lab-store.js";
import type { PageStorage } from "./storage/page-storage.js";

/** The lab of this page: what is known of it, and what can be done with it. */
export interface PageLab {
  readonly store: LabStore;
  readonly actions: LabActions;
  /** Which panes are shown; `panes.show("terminal")` brings one to the front. */
  readonly panes: Panes;
  /** Messages to the person that belong to no pane. */
  readonly notices: Notices;
  readonly theme: ThemeChoice;
  /** What the browser keeps of the user's work. */
  readonly storage: PageStorage;
}

const LabContext = createContext<PageLab | undefined>(undefined);

export const LabProvider = LabContext.Provider;

/** @throws outside of a {@link LabProvider}: a bug. */
export function useLab(): PageLab {
  const lab = useContext(LabContext);
  if (lab === undefined) throw new Error("There is no lab around this component.");
  return lab;
}
