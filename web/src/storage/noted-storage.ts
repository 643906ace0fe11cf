import type { Notices } from "../app/notices.js";
import { openPageStorage, type PageStorage } from "./page-storage.js";

const OTHER_TAB =
  "This lab is open in another tab, too. Each tab has a guest of its own, but both keep your " +
  "edits and progress in one place: of two changes, the later one stays.";

/** Opens what the browser keeps for the page, and tells the person what is wrong with it. */
export function openNotedStorage(notices: Notices): PageStorage {
  let otherTab: number | undefined;
  return openPageStorage({
    onProblem: ({ message }) => notices.add({ kind: "warning", text: message }),
    onOtherTab(isOther) {
      if (isOther) otherTab = notices.add({ kind: "info", text: OTHER_TAB });
      else if (otherTab !== undefined) notices.dismiss(otherTab);
    },
  });
}
