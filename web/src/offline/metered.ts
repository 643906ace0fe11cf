interface NetworkInformation {
  readonly saveData: boolean;
  readonly type: string;
}

/** Whether bytes cost the person money, as far as the browser says. */
export function isMetered(): boolean {
  // Network Information API and Save Data API (W3C Community Group): in Chromium alone.
  const { connection } = navigator as { readonly connection?: Partial<NetworkInformation> };
  return connection?.saveData === true || connection?.type === "cellular";
}
