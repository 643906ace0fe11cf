/**
 * The worker that the compiler runs in. It is the lab's worker that starts it, and not the page: so it
 * ends with the lab, and a build needs no answer of a page that may be busy.
 */
import "../../emulator/browser/build-worker.js";
