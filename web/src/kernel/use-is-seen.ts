import { useEffect, useRef, useState } from "preact/hooks";

/** Whether an element is on the screen: not so behind another tab, or in a hidden pane. */
export function useIsSeen<T extends Element>(): readonly [
  place: { readonly current: T | null },
  isSeen: boolean,
] {
  const place = useRef<T>(null);
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (place.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last !== undefined) setIsSeen(last.isIntersecting);
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, isSeen];
}
