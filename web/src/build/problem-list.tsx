import { Fragment, type JSX } from "preact";
import { visible } from "../../../emulator/reports/text-layout.js";
import { Icon } from "../icons.js";
import { useLab } from "../lab-context.js";
import { buildOf } from "./build-model.js";
import "./problem-list.css";
import { placeName } from "./place-name.js";
import type { Problem, ProblemNote, ProblemPlace } from "./problems.js";

/** More than that nobody reads at once: most of them are gone when the first ones are. */
const MOST_SHOWN = 100;

/** What is wrong with sources; each leads to its place. */
export function ProblemList({
  problems,
  folder,
}: {
  readonly problems: readonly Problem[];
  /** Whose files are named without it. */
  readonly folder: string;
}): JSX.Element {
  const left = problems.length - MOST_SHOWN;
  return (
    <ul class="problem-list" aria-label="Problems">
      {problems.slice(0, MOST_SHOWN).map((problem, index) => (
        <ProblemItem key={index} problem={problem} folder={folder} />
      ))}
      {left > 0 && <li class="problem-list__more">{`… and ${left} more`}</li>}
    </ul>
  );
}

function ProblemItem({
  problem,
  folder,
}: {
  readonly problem: Problem;
  readonly folder: string;
}): JSX.Element {
  const model = buildOf(useLab());
  const { severity, message, option, place, notes, suggestions, advice } = problem;
  return (
    <li class="problem" data-severity={severity}>
      <span class="problem__mark">
        <Icon name={severity === "error" ? "error" : "warning"} />
        <span class="visually-hidden">{severity}:</span>
      </span>
      <div class="problem__text">
        <p class="problem__message">
          {place !== undefined && (
            <PlaceLink
              place={place}
              folder={folder}
              isCurrent={model.current.value === problem}
              onShow={() => model.show(problem)}
            />
          )}{" "}
          {visible(message)} {option !== undefined && <span class="problem__option">{option}</span>}
        </p>
        {suggestions.length > 0 && (
          <p class="problem__advice">
            Perhaps{" "}
            {suggestions.map((name, index) => (
              <Fragment key={name}>
                {index > 0 && " or "}
                <code>{visible(name)}</code>
              </Fragment>
            ))}
            ?
          </p>
        )}
        {advice !== undefined && <p class="problem__advice">{visible(advice)}</p>}
        {notes.map((note, index) => (
          <Note key={index} note={note} folder={folder} />
        ))}
      </div>
    </li>
  );
}

function Note({
  note: { message, place },
  folder,
}: {
  readonly note: ProblemNote;
  readonly folder: string;
}): JSX.Element {
  const { store } = useLab();
  return (
    <p class="problem__note">
      {place !== undefined && (
        <PlaceLink place={place} folder={folder} onShow={() => store.show({ ...place })} />
      )}{" "}
      {visible(message)}
    </p>
  );
}

function PlaceLink({
  place,
  folder,
  isCurrent = false,
  onShow,
}: {
  readonly place: ProblemPlace;
  readonly folder: string;
  /** It is where a person goes through the problems from. */
  readonly isCurrent?: boolean;
  readonly onShow: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="source-link"
      title={place.path}
      aria-current={isCurrent ? "location" : undefined}
      onClick={onShow}
    >
      {placeName(place, folder)}
    </button>
  );
}
