import type { Page } from "@playwright/test";

/** Gives an address's pages next to no room in the browser's storage. */
export async function leaveNoRoom(page: Page, address: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(address);
  await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1_000_000 });
}
