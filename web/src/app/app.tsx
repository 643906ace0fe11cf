import type { JSX } from "preact";
import { LabProvider, type PageLab } from "../lab-context.js";
import { SharePreview } from "../share/share-preview.js";
import { Header } from "./header.js";
import { LabBanner } from "./lab-banner.js";
import { NoticeList } from "./notice-list.js";
import { PaneKeys } from "./pane-keys.js";
import { Workbench } from "./workbench.js";
import "./app.css";

/** The page: what the machine does, what is wrong, and the panes to work in. */
export function App({ lab }: { readonly lab: PageLab }): JSX.Element {
  return (
    <LabProvider value={lab}>
      <div class="app">
        <Header />
        <LabBanner />
        <NoticeList />
        <Workbench />
        <PaneKeys />
        <SharePreview />
      </div>
    </LabProvider>
  );
}
