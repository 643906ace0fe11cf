import type { JSX } from "preact";

/** Drawn in lines on a grid of 16 by 16; each is the path of one icon. */
const PATHS = {
  book: "M8 3.5C6.5 2.6 4.6 2.3 2.5 2.5v10c2.1-.2 4 .1 5.5 1 1.5-.9 3.4-1.2 5.5-1v-10c-2.1-.2-4 .1-5.5 1zm0 0v10",
  terminal: "M2.5 4l3.5 4-3.5 4M7.5 12.5h6",
  file: "M4 1.5h5.5L12.5 4.5v10H4zM9.5 1.5v3h3M6 8h4.5M6 11h4.5",
  chip: "M4.5 4.5h7v7h-7zM6.5 4.5v-2.5M9.5 4.5v-2.5M6.5 14v-2.5M9.5 14v-2.5M4.5 6.5h-2.5M4.5 9.5h-2.5M14 6.5h-2.5M14 9.5h-2.5",
  rescue:
    "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM6.2 6.2L3.8 3.8M9.8 6.2l2.4-2.4M9.8 9.8l2.4 2.4M6.2 9.8l-2.4 2.4",
  snapshot: "M1.5 5h3L6 3h4l1.5 2h3v8.5h-13zM8 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  light:
    "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  dark: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  system: "M1.5 2.5h13v8.5h-13zM5.5 14h5M8 11v3",
  help: "M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6 6.2a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1v.4M8 11.5v.3",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  check: "M2.5 8.5l3.5 3.5 7.5-8",
  play: "M4.5 2.5l8.5 5.5-8.5 5.5z",
  reset: "M3 8a5 5 0 1 0 1.6-3.7L2.5 6.3M2.5 2.5v3.8h3.8",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  trash: "M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7v4M9.2 7v4",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.6 10.6l3.4 3.4",
  chevron: "M4 6l4 4 4-4",
  next: "M6 4l4 4-4 4",
  warning: "M8 2l6.5 11.5h-13zM8 6.5v3.5M8 11.7v.3",
  person: "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 14c.3-3 2-4.5 5-4.5s4.7 1.5 5 4.5",
  download: "M8 2v8M4.5 7l3.5 3.5L11.5 7M2.5 13.5h11",
  diff: "M4 2.5v6M1.5 5.5h5M1.5 12.5h5M10 2.5l3 11",
  build: "M8.2 5.8L2.4 11.6l2 2 5.8-5.8M6.2 3.8L8.7 1.8h2.6l3 3-.9.9v1.5l-1.6 1.6z",
  error: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
  none: "M4 8h8",
  folder: "M1.5 13V3.5h4.5l1.5 2h7V13z",
  plus: "M8 3v10M3 8h10",
  pencil: "M2.5 13.5l.7-3 7.8-7.8 2.3 2.3-7.8 7.8zM9.5 4.2l2.3 2.3",
  upload: "M8 10.5V2.5M4.5 6L8 2.5 11.5 6M2.5 13.5h11",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.7-2.7a2.6 2.6 0 0 0-3.7-3.7l-1 1M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2.7 2.7a2.6 2.6 0 0 0 3.7 3.7l1-1",
  hint: "M5.5 10.5c-1-.8-1.7-2-1.7-3.3a4.2 4.2 0 1 1 8.4 0c0 1.3-.7 2.5-1.7 3.3v1.5h-5zM6 14.5h4",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a text or in a labelled button: it says nothing to a screen reader. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
