import type { JSX } from "preact";
import type { LabFailure } from "../../../emulator/browser/protocol.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import "./lab-banner.css";

interface Advice {
  readonly title: string;
  readonly advice: string;
  /** Trying again as it is can help. */
  readonly retry: boolean;
}

const ADVICE: Readonly<Record<string, Advice>> = {
  "download-failed": {
    title: "A download failed.",
    advice: "Look at your connection and try again; what has arrived is not fetched again.",
    retry: true,
  },
  "image-missing": {
    title: "A file of the lab is not on the server.",
    advice: "Try again; if it stays so, tell whoever runs this site.",
    retry: true,
  },
  "image-corrupt": {
    title: "A file of the lab arrived damaged.",
    advice: "Try again: it is fetched anew. If it stays so, tell whoever runs this site.",
    retry: true,
  },
  "unsupported-browser": {
    title: "This browser lacks what the lab needs.",
    advice: "Chrome or Edge 123, Firefox 128 and Safari 17.5 have it, and newer ones.",
    retry: false,
  },
  "boot-failed": {
    title: "The machine did not start.",
    advice: "Try again; if it stays so, close other tabs: the machine needs 300 MB of memory.",
    retry: true,
  },
};

const UNEXPECTED: Advice = {
  title: "The lab could not start.",
  advice: "Try again, or load the page anew.",
  retry: true,
};

/** Why there is no machine, and what to do about it. The course can be read all the same. */
export function StartFailure({ failure }: { readonly failure: LabFailure }): JSX.Element {
  const { actions } = useLab();
  const { title, advice, retry } = ADVICE[failure.code] ?? UNEXPECTED;
  return (
    <div class="lab-banner">
      <Icon name="warning" />
      <div class="lab-banner__text">
        <p>
          <strong>{title}</strong> {advice}
        </p>
        <details class="lab-banner__more">
          <summary>What exactly went wrong</summary>
          <pre>{failure.message}</pre>
        </details>
      </div>
      {retry && (
        <button type="button" class="button button--danger" onClick={() => void actions.start()}>
          <Icon name="reset" />
          Try again
        </button>
      )}
    </div>
  );
}
