import { computed, effect } from "@preact/signals";
import type { PageLab } from "../lab-context.js";
import { isMetered } from "./metered.js";
import type { OfflineMessage } from "./offline-files.js";

/**
 * Lets a new version take over that was fetched during the last visit. To be called before
 * anything else of the page runs.
 * @returns whether it does: then the page is being loaded anew.
 */
export async function takeNewVersion(): Promise<boolean> {
  const workers = serviceWorkers();
  const waiting = (await workers?.getRegistration())?.waiting;
  if (workers === undefined || !waiting) return false;
  return new Promise((resolve) => {
    workers.addEventListener("controllerchange", () => {
      resolve(true);
      location.reload();
    });
    // Another tab at work keeps the old version; the answer is that nothing changes.
    setTimeout(() => resolve(false), TAKE_OVER_MS);
    tell(waiting, "take-over-if-alone");
  });
}

/** A service worker answers within some ten milliseconds, or not at all. */
const TAKE_OVER_MS = 300;

/** Keeps the page for visits without a network, and says when there is a new version. */
export function keepOffline({ store, notices }: PageLab): void {
  const workers = serviceWorkers();
  if (workers === undefined) return;
  const stop = effect(() => {
    // Not before: the start has the network to itself.
    if (store.start.value.phase === "starting") return;
    queueMicrotask(() => stop());
    void register(workers, store, notices);
  });
}

async function register(
  workers: ServiceWorkerContainer,
  store: PageLab["store"],
  notices: PageLab["notices"],
): Promise<void> {
  try {
    const registration = await workers.register("./service-worker.js");
    const { active } = await workers.ready;
    if (active !== null) {
      tell(active, "keep-later");
      if (!isMetered()) tell(active, "keep-builds");
      keepWhatBuildsNeeded(active, store);
    }
    const announce = (): void => {
      const { waiting } = registration;
      if (!waiting || workers.controller === null) return;
      notices.add({
        kind: "info",
        text: "There is a new version of this page. It is used from the next time you open it.",
        action: {
          name: "Reload now",
          run: () => {
            workers.addEventListener("controllerchange", () => location.reload());
            tell(waiting, "take-over");
          },
        },
      });
    };
    announce();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", announce);
    });
  } catch (error) {
    // Also where a browser forbids them, as in some private windows: all but offline works.
    console.warn("This page will not open without a network:", error);
  }
}

/**
 * Once the compiler has come for a build: a file that came in parts has not passed through the
 * service worker as a whole. It is in the browser's own cache, or comes once more.
 */
function keepWhatBuildsNeeded(worker: ServiceWorker, store: PageLab["store"]): void {
  const isThere = computed(() =>
    store.buildFetches.value.some(({ state, part }) => state === "fetched" && part === "compiler"),
  );
  effect(() => {
    if (isThere.value) tell(worker, "keep-builds");
  });
}

/** Absent outside of secure contexts; and of no use while the page is developed. */
function serviceWorkers(): ServiceWorkerContainer | undefined {
  return import.meta.env.PROD && "serviceWorker" in navigator ? navigator.serviceWorker : undefined;
}

function tell(worker: ServiceWorker, message: OfflineMessage): void {
  worker.postMessage(message);
}
