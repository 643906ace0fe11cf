import type { BuildFetch, Lab, LabBuild } from "../lab/index.js";
import { labFailure } from "./failure.js";
import type { BuildFetchEvent, BuildOptions, WhatToBuild } from "./protocol.js";

/** What a person builds in the page. */
export class PageBuilds implements Disposable {
  readonly #lab: Pick<Lab, "build" | "builds">;
  readonly #listening: Disposable;
  #running: AbortController | undefined;

  /** @param onFetch told of what is fetched for builds, also for those of the guest's `make` */
  constructor(lab: Pick<Lab, "build" | "builds">, onFetch: (fetch: BuildFetchEvent) => void) {
    this.#lab = lab;
    this.#listening = lab.builds.onFetch((fetch) => onFetch(fetchEvent(fetch)));
  }

  async build(what: WhatToBuild, options: BuildOptions = {}): Promise<LabBuild> {
    const running = new AbortController();
    // The lab lets the older one of two builds end as superseded.
    this.#running = running;
    try {
      return await this.#lab.build(what, { ...options, signal: running.signal });
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
  }

  /** Ends the build that runs; not one of the guest's. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Fetches what every build of a module needs, and then what every program does. */
  async prepare(): Promise<void> {
    const { builds } = this.#lab;
    await Promise.all([builds.fetch("compiler"), builds.fetch("headers")]);
    await builds.fetch("library");
  }

  [Symbol.dispose](): void {
    this.cancel();
    this.#listening[Symbol.dispose]();
  }
}

function fetchEvent(fetch: BuildFetch): BuildFetchEvent {
  if (fetch.state !== "failed") return fetch;
  return { state: "failed", part: fetch.part, failure: labFailure(fetch.error) };
}
