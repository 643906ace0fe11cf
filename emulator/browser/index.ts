/** A lab in a browser: the worker's side (`LabHost`, `exposeLab`) and the page's (`LabClient`). */
export { BuildWorkers } from "./build-workers.js";
export { exposeLab } from "./expose-lab.js";
export { BrowserError, type BrowserErrorCode, labFailure } from "./failure.js";
export { browserImageSource } from "./image-source.js";
export { LabClient } from "./lab-client.js";
export { LabHost, type OpenImageSource } from "./lab-host.js";
export type * from "./protocol.js";
