import type { JSX } from "preact";
import type { LabFailure } from "../../../emulator/browser/protocol.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./lab-banner.css";

/** What is wrong, in a few words; the failure's own message says more, and what to do. */
const TITLES: Readonly<Record<string, string>> = {
  "download-failed": "A download failed.",
  "image-missing": "A file of the lab is not on the server.",
  "image-corrupt": "A file of the lab arrived damaged.",
  "unsupported-browser": "This browser lacks what the lab needs.",
  "worker-failed": "The lab's worker did not start.",
  "boot-failed": "The machine did not start.",
};
const TITLE = "The lab could not start.";

/** Another try in the same browser ends in the same way. */
const HOPELESS = ["unsupported-browser"];

/** Why there is no machine, and what to do about it. The course can be read all the same. */
export function StartFailure({ failure }: { readonly failure: LabFailure }): JSX.Element {
  const { actions } = useLab();
  return (
    <div class="lab-banner">
      <Icon name="warning" />
      <p class="lab-banner__text lab-banner__text--lines">
        <strong>{TITLES[failure.code] ?? TITLE}</strong> {failure.message}
      </p>
      {!HOPELESS.includes(failure.code) && (
        <button
          type="button"
          class="button button--danger"
          // What goes wrong is in the store, and so in this banner.
          onClick={() => void actions.start().catch(() => undefined)}
        >
          <Icon name="reset" />
          Try again
        </button>
      )}
    </div>
  );
}
