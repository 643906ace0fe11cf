/** The worker that the lab runs in, so that the page stays alive whatever the guest does. */
import "../../emulator/browser/symbol-dispose.js";

import { exposeLab } from "../../emulator/browser/expose-lab.js";
import { browserImageSource } from "../../emulator/browser/image-source.js";
import { LabHost } from "../../emulator/browser/lab-host.js";

exposeLab(
  new LabHost((assets, onBytes) => browserImageSource(assets, { onBytes })),
  globalThis as unknown as Worker,
);
