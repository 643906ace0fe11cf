import type { JSX } from "preact";
import type { LoadedModule } from "../../../emulator/browser/protocol.js";
import { readTaint } from "../../../emulator/reports/draft/taint.js";
import { useLab } from "../lab-context.js";
import "./modules-view.css";

/** What `lsmod` shows, without asking the guest. */
export function ModulesView(): JSX.Element {
  const { modules, devices } = useLab().store.guest.value;
  if (modules.length === 0) {
    return (
      <p class="kernel-pane__empty">
        No module is loaded. <code>sudo insmod ./hello.ko</code> in the terminal loads one.
      </p>
    );
  }
  const showsTaint = modules.some(({ taint }) => taint !== undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard, too.
    <section class="modules-view" aria-label="Loaded modules" tabIndex={0}>
      <table class="modules-view__table">
        <thead>
          <tr>
            <th scope="col">Module</th>
            <th scope="col" class="modules-view__number">
              Size
            </th>
            <th scope="col">Used by</th>
            <th scope="col">Loaded from</th>
            {showsTaint && <th scope="col">Taints</th>}
          </tr>
        </thead>
        <tbody>
          {modules.map((module) => (
            <ModuleRow key={module.name} module={module} showsTaint={showsTaint} />
          ))}
        </tbody>
      </table>
      {devices.length > 0 && (
        <p class="kernel-pane__empty">
          Devices that modules have registered:{" "}
          {devices.map((name, index) => (
            <>
              {index > 0 && ", "}
              <code key={name}>/dev/{name}</code>
            </>
          ))}
        </p>
      )}
    </section>
  );
}

function ModuleRow({
  module,
  showsTaint,
}: {
  readonly module: LoadedModule;
  readonly showsTaint: boolean;
}): JSX.Element {
  const { name, size, usedBy, file, taint } = module;
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      <td class="modules-view__number">{`${(size / 1024).toFixed(1)} KiB`}</td>
      <td>{usedBy.length === 0 ? "nothing" : <code>{usedBy.join(", ")}</code>}</td>
      <td>{file === undefined ? "not known" : <code>{file}</code>}</td>
      {showsTaint && <td>{describeTaint(taint)}</td>}
    </tr>
  );
}

/** Letters with what they mean: `O: an out-of-tree module was loaded`. */
function describeTaint(letters = ""): string {
  const taints = readTaint(letters).map(({ letter, meaning }) => `${letter}: ${meaning}`);
  return taints.length === 0 ? "none" : taints.join("; ");
}
