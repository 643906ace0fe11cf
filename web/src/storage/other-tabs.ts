/** The part of the Web Locks API that is used here. */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
    callback: (lock: unknown) => Promise<void>,
  ): Promise<unknown>;
}

/**
 * Tells whether another tab has the lab open: they share what the browser keeps. The tab that
 * came first has a lock, and those after it wait for it.
 * @param onOther called with true when another tab came first, and with false when it is gone
 * @param locks absent on insecure origins, where nothing is told
 */
export function watchOtherTabs(
  name: string,
  onOther: (isOther: boolean) => void,
  locks: Locks | undefined = globalThis.navigator?.locks,
): Disposable {
  const closing = new AbortController();
  const closed = new Promise<void>((resolve) => {
    closing.signal.addEventListener("abort", () => resolve());
  });
  const watch = async (): Promise<void> => {
    let isFirst = true;
    await locks?.request(name, { ifAvailable: true }, async (lock) => {
      isFirst = lock !== null;
      if (isFirst) await closed;
    });
    if (isFirst || closing.signal.aborted) return;
    onOther(true);
    await locks?.request(name, { signal: closing.signal }, async () => {
      onOther(false);
      await closed;
    });
  };
  // Refused, as in sandboxed frames; or no longer waited for. Nothing depends on it.
  watch().catch(() => undefined);
  return { [Symbol.dispose]: () => closing.abort() };
}
