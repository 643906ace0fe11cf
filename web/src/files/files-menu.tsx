import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef } from "preact/hooks";
import { PopoverMenu } from "../app/popover-menu.js";
import type { OpenFiles } from "../editor/open-files.js";
import { folderOf, nameOf, SHARED } from "../editor/tab-names.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { ShareButton } from "../share/share-button.js";
import { chosenIn } from "./chosen-files.js";
import { DeleteFolder } from "./delete-folder.js";
import { downloadFile, downloadFolder } from "./downloads.js";
import { FileJobs } from "./file-jobs.js";
import { FileOperations, shortFolder } from "./file-operations.js";
import { FileRow } from "./file-row.js";
import { FilesOutcome } from "./files-outcome.js";
import { NewFileForm } from "./new-file-form.js";
import "./file-drop.css";
import "./files-menu.css";
import { type ChosenFile, upload } from "./upload.js";
import { tellOfUpload } from "./upload-notice.js";
import { useFileDrop } from "./use-file-drop.js";
import { useTabKeys } from "./use-tab-keys.js";

/** The files of the folder that is open in the editor: what one can do with them. */
export function FilesMenu({ files }: { readonly files: OpenFiles }): JSX.Element {
  const lab = useLab();
  const { actions, notices, store } = lab;
  const menu = useRef<HTMLElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const renaming = useSignal<string | undefined>(undefined);
  const jobs = useMemo(() => new FileJobs(), []);
  const operations = useMemo(() => new FileOperations(actions, files), [actions, files]);
  const folder = files.folder.value;
  const names = files.names.value;
  const isBusy = jobs.isBusy.value;

  const panel = (): HTMLElement | null => menu.current?.closest<HTMLElement>("[popover]") ?? null;
  const isOpen = (): boolean => panel()?.matches(":popover-open") === true;
  const openPanel = (): void => {
    if (!isOpen()) panel()?.showPopover();
  };
  const pane = useCallback(() => menu.current?.closest<HTMLElement>("#pane-editor"), []);

  /** When it is drawn again: what had the focus may have gone. */
  const focusFile = (name: string | undefined): void => {
    requestAnimationFrame(() => {
      const rows = [...(menu.current?.querySelectorAll<HTMLElement>("[data-file]") ?? [])];
      const row = rows.find(({ dataset }) => dataset.file === name);
      const next = row?.querySelector("button") ?? menu.current?.querySelector("input");
      next?.focus();
    });
  };

  const uploadFiles = async (chosen: readonly ChosenFile[]): Promise<void> => {
    if (chosen.length === 0) return;
    await jobs.run(async () => {
      await files.saveAll();
      return await upload(actions, folder, chosen);
    });
    if (!isOpen()) tellOfUpload(notices, jobs);
  };

  useFileDrop(pane, {
    hint: () => `Let go to put the files into ${shortFolder(folder)}`,
    onDrop: (chosen) => void uploadFiles(chosen),
  });
  useTabKeys(menu, {
    isOurs: (path) => folderOf(path) === folder,
    onRename: (path) => {
      renaming.value = nameOf(path);
      openPanel();
    },
    onMenu: (path) => {
      renaming.value = undefined;
      openPanel();
      focusFile(nameOf(path));
    },
  });
  // Another folder has other files.
  useEffect(() => {
    renaming.value = undefined;
  }, [folder, renaming]);

  const create = async (name: string): Promise<boolean> => {
    if (!(await jobs.run(() => operations.create(folder, name)))) return false;
    panel()?.hidePopover();
    // With the cursor in it.
    store.show({ path: `${folder}/${name}`, line: 1, column: 1 });
    return true;
  };
  const rename = async (name: string, to: string | undefined): Promise<void> => {
    if (to !== undefined) {
      if (!(await jobs.run(() => operations.rename(`${folder}/${name}`, to.trim())))) return;
    }
    renaming.value = undefined;
    focusFile(to?.trim() ?? name);
  };
  const remove = async (name: string): Promise<void> => {
    const at = names.indexOf(name);
    if (!(await jobs.run(() => operations.remove(`${folder}/${name}`)))) return;
    const left = files.names.value.filter((other) => !other.endsWith("/"));
    focusFile(left[Math.min(at, left.length - 1)]);
  };
  const removeFolder = async (): Promise<void> => {
    await jobs.run(async () => {
      await files.saveAll();
      return await operations.removeFolder(folder);
    });
    focusFile(undefined);
  };
  const open = (name: string): void => {
    const path = `${folder}/${name}`;
    store.open(path);
    panel()?.hidePopover();
    void files.open(path);
  };

  return (
    <PopoverMenu icon="folder" name={`Files in ${shortFolder(folder)}`}>
      <section class="files-menu" aria-label="Files" ref={menu}>
        <h2 class="popover-menu__title">
          Files in <code>{shortFolder(folder)}</code>
        </h2>
        <ul class="files-menu__list">
          {names.map((name) =>
            name.endsWith("/") ? (
              <li key={name} class="files-menu__item">
                <span class="files-menu__name files-menu__name--built">{name}</span>
              </li>
            ) : (
              <FileRow
                key={`${folder}/${name}`}
                name={name}
                isBusy={isBusy}
                isRenaming={renaming.value === name}
                onOpen={() => open(name)}
                onStartRenaming={() => {
                  renaming.value = name;
                }}
                onRename={(to) => void rename(name, to)}
                onDownload={() =>
                  void jobs.run(() => downloadFile(actions, files, `${folder}/${name}`))
                }
                canBringBack={() => operations.canBringBack(`${folder}/${name}`)}
                onDelete={() => void remove(name)}
              />
            ),
          )}
        </ul>
        <NewFileForm onCreate={create} />
        <FilesOutcome
          outcome={jobs.outcome.value}
          isBusy={isBusy}
          onUndo={() => void jobs.undo().then(() => focusFile(undefined))}
        />
        <div class="files-menu__all">
          <button type="button" class="button" onClick={() => chooser.current?.click()}>
            <Icon name="upload" />
            Upload
          </button>
          <input
            type="file"
            multiple
            hidden
            aria-label="Files to upload"
            ref={chooser}
            onChange={({ currentTarget }) => {
              const chosen = chosenIn(currentTarget.files);
              currentTarget.value = "";
              void uploadFiles(chosen);
            }}
          />
          <button
            type="button"
            class="button"
            aria-disabled={isBusy}
            onClick={() =>
              void jobs.run(() =>
                downloadFolder(actions, files, folder, store.info.value?.kernelRelease),
              )
            }
          >
            <Icon name="download" />
            Download as zip
          </button>
        </div>
        <p class="files-menu__explanation">
          The zip builds on any Linux machine: its <code>README.txt</code> says how. Files can be
          dropped on the editor, too.
        </p>
        <ShareButton folder={folder} onBefore={() => files.saveAll()} />
        {folderOf(folder) === SHARED && (
          <DeleteFolder
            key={folder}
            folder={folder}
            isBusy={isBusy}
            onDelete={() => void removeFolder()}
          />
        )}
      </section>
    </PopoverMenu>
  );
}
