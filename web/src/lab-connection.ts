import { missingFeatures, requireFeatures } from "../../emulator/browser/features.js";
import { LabClient } from "../../emulator/browser/lab-client.js";
import { LAB_ASSETS } from "./lab-assets.js";

function openClient(): LabClient {
  return new LabClient(new Worker(new URL("./lab-worker.ts", import.meta.url), { type: "module" }));
}

/** The guest takes longer to load than the page itself does: so it begins before the page. */
let early = missingFeatures().length === 0 ? openClient() : undefined;
early?.prepare(LAB_ASSETS);

/**
 * A worker for the lab, that of the page's first moment or a new one.
 * @throws BrowserError `unsupported-browser`
 */
export function connectLab(): LabClient {
  requireFeatures();
  const client = early ?? openClient();
  early = undefined;
  return client;
}
