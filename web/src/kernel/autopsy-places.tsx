import type { JSX } from "preact";
import type { ToldPlace } from "../../../emulator/lab/index.js";
import { visible } from "../../../emulator/reports/text-layout.js";
import "./autopsy-places.css";
import { ReportExcerpt } from "./report-excerpt.js";
import { Sentence } from "./sentence.js";
import { SourceLink } from "./source-link.js";

/** The places that an autopsy points at: side by side where there is room. */
export function AutopsyPlaces({ places }: { readonly places: readonly ToldPlace[] }): JSX.Element {
  return (
    <ol class="autopsy-places">
      {places.map((told) => (
        <li key={told.role} class={`autopsy-places__one autopsy-places__one--${told.role}`}>
          <p class="autopsy-places__title">
            <Sentence text={told.title} />
          </p>
          <PlaceSource told={told} />
        </li>
      ))}
    </ol>
  );
}

function PlaceSource({ told: { place } }: { readonly told: ToldPlace }): JSX.Element | null {
  const { file, line, excerpt, module } = place;
  if (excerpt !== undefined) return <ReportExcerpt excerpt={excerpt} />;
  if (file === undefined || line === undefined) {
    return <p>{module === undefined ? "" : `In the module ${visible(module)}.`}</p>;
  }
  return <SourceLink location={{ file, line, column: 0 }} />;
}
