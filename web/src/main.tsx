import "../../emulator/browser/symbol-dispose.js";
// In front of the components, whose own styles win over these.
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./lab-connection.js";

// What is above has begun to load the lab's worker; only then comes the page, which is larger.
const page = await import("./page.js").catch(() => undefined);
// Else public/start-up.js has seen that it did not come, and says so.
await page?.openPage();
