import { effect, type ReadonlySignal, type Signal, untracked } from "@preact/signals";
import type { JSX } from "preact";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { buildOf } from "../build/build-model.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import type { CodeView } from "./code-view.js";
import { CourseEdit } from "./course-edit.js";
import type { Comparison } from "./editor-pane.js";
import { KernelDeclarations } from "./kernel-declarations.js";
import { type CodeParts, loadCode } from "./load-code.js";
import type { Content, NamedText, OpenFiles } from "./open-files.js";

/** Narrower than this, in pixels, two versions of a file stand in one column: 2 × 75 letters. */
const SIDE_BY_SIDE_PX = 1200;

interface SurfaceProps {
  readonly files: OpenFiles;
  readonly comparison: ReadonlySignal<Comparison | undefined>;
  readonly onCursor: (line: number, column: number) => void;
  /** Is told at how many places two texts differ that are compared; undefined while none are. */
  readonly differences: Signal<number | undefined>;
}

/** Where text is: the editor, a comparison of two texts, or why there is none. */
export function EditorSurface(props: SurfaceProps): JSX.Element {
  const { files, comparison, onCursor, differences } = props;
  const { parts, failure, retry } = useCodeParts();
  const content = files.content.value;
  const compared = comparison.value;
  const hasCode = content.kind === "file" || content.kind === "source";
  return (
    <div class="editor-surface">
      {failure !== undefined && (
        <div class="note note--danger">
          <p>{failure}</p>
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {failure === undefined && (parts === undefined || content.kind === "loading") && (
        <p class="editor-pane__empty">Loading…</p>
      )}
      {content.kind === "absent" && (
        <div class="editor-pane__empty" role="alert">
          <p>{content.message}</p>
          {content.canRetry && (
            <button
              type="button"
              class="button"
              onClick={() => void files.open(files.active.peek() ?? "")}
            >
              <Icon name="reset" />
              Try again
            </button>
          )}
        </div>
      )}
      {parts !== undefined && compared !== undefined && (
        <Compared
          parts={parts}
          before={compared.before}
          after={compared.after}
          differences={differences}
        />
      )}
      {parts !== undefined && compared === undefined && content.kind === "edit" && (
        <CourseEdit
          key={content.source}
          parts={parts}
          files={files}
          edit={content}
          differences={differences}
        />
      )}
      {parts !== undefined && (
        <Code
          parts={parts}
          files={files}
          isShown={hasCode && compared === undefined}
          onCursor={onCursor}
        />
      )}
    </div>
  );
}

/** The one editor of the page; it stays, hidden, while something else is shown. */
function Code({
  parts,
  files,
  isShown,
  onCursor,
}: Omit<SurfaceProps, "comparison" | "differences"> & {
  readonly parts: CodeParts;
  readonly isShown: boolean;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const lab = useLab();
  const { store, actions } = lab;
  const builds = buildOf(lab);
  const declarations = useMemo(() => new KernelDeclarations(actions), [actions]);
  const listener = useRef({ onCursor });
  listener.current = { onCursor };
  useLayoutEffect(() => {
    if (place.current === null) return;
    const view = new parts.CodeView(place.current, {
      onEdit: (path, text) => {
        const edited = files.edited.peek().find((one) => one.path === path);
        edited?.edit(text);
        builds.edited();
      },
      onCursor: (line, column) => listener.current.onCursor(line, column),
      findDeclaration: (name, source, path) => declarations.find(name, source, path),
      onOpenDeclaration: ({ path, line }) => store.show({ path, line, column: 1 }),
    });
    const stops = [
      effect(() => view.keepOnly(files.loaded.value)),
      effect(() => view.setProblems([...builds.problems.value.values()].flat())),
      effect(() => showActive(view, files)),
      effect(() => grantWish(view, files)),
      followReplacements(view, files),
    ];
    return () => {
      for (const stop of stops) stop();
      view[Symbol.dispose]();
    };
  }, [parts, files, builds, declarations, store]);
  return <div class="code-view" ref={place} hidden={!isShown} />;
}

function showActive(view: CodeView, files: OpenFiles): void {
  const path = files.active.value;
  const content = files.content.value;
  if (path === undefined) return;
  const text = textOf(content);
  if (text === undefined) return;
  untracked(() => view.show({ path, text, isReadOnly: content.kind === "source" }));
}

function textOf(content: Content): string | undefined {
  if (content.kind === "file") return content.file.text;
  return content.kind === "source" ? content.text : undefined;
}

function grantWish(view: CodeView, files: OpenFiles): void {
  const wish = files.wish.value;
  const content = files.content.value;
  if (wish === undefined || wish.path !== files.active.value) return;
  if (content.kind === "absent" && !content.canRetry) files.granted(wish);
  if (content.kind !== "file" && content.kind !== "source") return;
  files.granted(wish);
  // The pane, or the editor in it, may be hidden until the page is drawn again.
  requestAnimationFrame(() => {
    view.goTo(wish.line, wish.column);
    view.focus();
  });
}

/** Texts that come from outside, also of files that are not in front. */
function followReplacements(view: CodeView, files: OpenFiles): () => void {
  const seen = new WeakSet<object>();
  return effect(() => {
    for (const file of files.edited.value) {
      const replaced = file.replaced.value;
      if (replaced === undefined || seen.has(replaced)) continue;
      seen.add(replaced);
      untracked(() => view.replace(file.path, replaced.text));
    }
  });
}

function Compared({
  parts,
  before,
  after,
  differences,
}: Pick<SurfaceProps, "differences"> & {
  readonly parts: CodeParts;
  readonly before: NamedText;
  readonly after: NamedText;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const [isWide, setIsWide] = useState<boolean>();
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void => {
      // A hidden pane has no width, and needs no other view.
      if (element.clientWidth > 0) setIsWide(element.clientWidth >= SIDE_BY_SIDE_PX);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (place.current === null || isWide === undefined) return;
    const view = new parts.DiffView(place.current, { before, after }, isWide);
    differences.value = view.differences;
    return () => {
      differences.value = undefined;
      view[Symbol.dispose]();
    };
  }, [parts, before, after, isWide, differences]);
  return <div class="diff-view" ref={place} />;
}

function useCodeParts(): {
  readonly parts: CodeParts | undefined;
  readonly failure: string | undefined;
  readonly retry: () => void;
} {
  const [parts, setParts] = useState<CodeParts>();
  const [failure, setFailure] = useState<string>();
  const load = useCallback(() => {
    setFailure(undefined);
    loadCode().then(setParts, () =>
      setFailure("The editor could not be loaded. Is the network, or the server, still there?"),
    );
  }, []);
  useEffect(load, [load]);
  return { parts, failure, retry: load };
}
