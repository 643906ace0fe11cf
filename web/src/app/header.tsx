import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { HelpDialog } from "./help-dialog.js";
import { MachineGauge } from "./machine-gauge.js";
import { describeGuest } from "./machine-text.js";
import { rescue } from "./rescue.js";
import { SnapshotsMenu } from "./snapshots-menu.js";
import { ThemeMenu } from "./theme-menu.js";
import "./header.css";

/** What runs here, how it does, and what concerns the whole page. */
export function Header(): JSX.Element {
  const lab = useLab();
  const rescuing = useSignal(false);
  const info = lab.store.info.value;

  const onRescue = async (): Promise<void> => {
    rescuing.value = true;
    await rescue(lab);
    rescuing.value = false;
  };

  return (
    <header class="header">
      <h1 class="header__name">kspace</h1>
      <p class="header__guest">
        {info === undefined ? "A kernel-space programming lab" : describeGuest(info)}
      </p>
      <MachineGauge />
      <span class="header__space" />
      <button
        type="button"
        class="button header__rescue"
        // A narrow window shows its icon alone.
        aria-label="Rescue"
        title="Back to the last snapshot; your files stay (F8 when the machine is down)"
        disabled={info === undefined || rescuing.value}
        onClick={onRescue}
      >
        <Icon name="rescue" />
        <span class="header__word">Rescue</span>
      </button>
      <SnapshotsMenu />
      <ThemeMenu />
      <HelpDialog />
    </header>
  );
}
