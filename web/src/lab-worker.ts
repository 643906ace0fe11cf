/** The worker that the lab runs in, so that the page stays alive whatever the guest does. */
import "../../emulator/browser/symbol-dispose.js";

import { BuildWorkers } from "../../emulator/browser/build-workers.js";
import { exposeLab } from "../../emulator/browser/expose-lab.js";
import { browserImageSource } from "../../emulator/browser/image-source.js";
import { LabHost } from "../../emulator/browser/lab-host.js";

const builds = new BuildWorkers(
  () => new Worker(new URL("./build-worker.ts", import.meta.url), { type: "module" }),
);

exposeLab(
  new LabHost((assets, onBytes) => browserImageSource(assets, { onBytes, builds }), {
    home: "exercise",
  }),
  globalThis as unknown as Worker,
);
