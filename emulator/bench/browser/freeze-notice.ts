import { BEFORE_FREEZE, FREEZE, type LabTab } from "./lab-tab.js";

/**
 * Milliseconds from the Enter key, behind a command that freezes the guest, to the page's word that
 * it is frozen and how to get out of it. The guest is rescued again.
 */
export async function measureFreezeNotice(tab: LabTab): Promise<number> {
  await tab.clear();
  await tab.type(`${BEFORE_FREEZE}; clear; echo ready-$((1))`);
  await tab.shows(/^ready-1\n\S+\$$/);
  await tab.focus();
  await tab.page.keyboard.type(FREEZE);
  // Keys and scripts come to a page by different ways: it has to listen before the key is sent.
  const notice = await tab.page.evaluateHandle(watchForNotice);
  await tab.page.keyboard.press("Enter");
  const told = await notice.evaluate(({ ms }) => ms);
  await tab.rescue();
  return told;
}

/** Runs in the page, and so uses nothing from outside of it. */
function watchForNotice(): { readonly ms: Promise<number> } {
  const ms = new Promise<number>((resolve) => {
    let enterAt: number | undefined;
    const onKey = ({ key, timeStamp }: KeyboardEvent): void => {
      if (key === "Enter") enterAt = timeStamp;
    };
    addEventListener("keydown", onKey, { capture: true });
    const observer = new MutationObserver(() => {
      const buttons = [...document.querySelectorAll("[role=alert] button")];
      if (enterAt === undefined) return;
      if (!buttons.some(({ textContent }) => textContent?.includes("Rescue"))) return;
      observer.disconnect();
      removeEventListener("keydown", onKey, { capture: true });
      resolve(performance.now() - enterAt);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  return { ms };
}
