import { useEffect, useState } from "preact/hooks";

/**
 * Whether an element is on the screen: not so behind another tab, or in a hidden pane.
 * @returns what the element takes as its `ref`, and whether it is seen; false while there is none.
 */
export function useIsSeen<T extends Element>(): readonly [
  ref: (element: T | null) => void,
  isSeen: boolean,
] {
  const [element, setElement] = useState<T | null>(null);
  const [isSeen, setIsSeen] = useState(false);
  useEffect(() => {
    if (element === null) return;
    const observer = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last !== undefined) setIsSeen(last.isIntersecting);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      setIsSeen(false);
    };
  }, [element]);
  return [setElement, isSeen];
}
