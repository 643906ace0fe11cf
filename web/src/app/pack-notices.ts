import { effect } from "@preact/signals";
import type { PageLab } from "../lab-context.js";
import { formatBytes } from "./machine-text.js";

/** What is here sooner, from the browser's cache for example, is not worth a message. */
const SHORT_MS = 400;

/**
 * Says what a program in the guest waits for, since it cannot: files that are downloaded when it
 * opens them, such as gdb itself.
 */
export function followPacks({ store, notices }: Pick<PageLab, "store" | "notices">): void {
  /** Ends what is told of a pack's download, or was about to be. */
  const waiting = new Map<string, () => void>();
  const failed = new Map<string, number>();
  effect(() => {
    const event = store.pack.value;
    if (event === undefined) return;
    const { pack } = event;
    waiting.get(pack)?.();
    waiting.delete(pack);
    const before = failed.get(pack);
    if (before !== undefined) notices.dismiss(before);
    if (event.state === "failed") {
      const text =
        `The guest has no ${pack} yet. ${event.failure.message} Its program was told of an ` +
        "input/output error: type the command again.";
      failed.set(pack, notices.add({ kind: "danger", text }));
    } else if (event.state === "fetching") {
      const text = `Downloading ${pack} for the guest, ${formatBytes(event.bytes)}.`;
      waiting.set(pack, addLater(text));
    }
  });

  function addLater(text: string): () => void {
    let id: number | undefined;
    const timer = setTimeout(() => {
      id = notices.add({ kind: "info", text });
    }, SHORT_MS);
    return () => {
      clearTimeout(timer);
      if (id !== undefined) notices.dismiss(id);
    };
  }
}
