import { effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

/**
 * The value of a signal, looked at once per animation frame at most: for what changes more often
 * than a person can see. A hidden page has no frames, and so no work.
 * @param isWatched without a person who looks the value stays what it was
 */
export function useEachFrame<T extends object>(source: ReadonlySignal<T>, isWatched: boolean): T {
  const [value, setValue] = useState(source.peek());
  useEffect(() => {
    if (!isWatched) return;
    let frame: number | undefined;
    const stop = effect(() => {
      source.value;
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        setValue(source.peek());
      });
    });
    return () => {
      stop();
      if (frame !== undefined) cancelAnimationFrame(frame);
    };
  }, [source, isWatched]);
  return value;
}
