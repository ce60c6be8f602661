// @ts-check
import { useReactive, useResource, useSignalValue } from "@signal-kernel/react";
import { linkTo } from "../graph/address.js";
import { summaryOf } from "../graph/results.js";
import { useGraph } from "./graph.jsx";

/** What the search found. While a newer run reads, the last one's results stay, marked as such. */
export function Results() {
  const { catalogue, session } = useGraph();
  const { value: found, status, error } = useResource(session.search.cell);
  const superseded = useSignalValue(session.search.superseded);
  const address = useSignalValue(session.address);
  const labels = useReactive(
    () => new Map(found?.matches.map(({ id }) => [id, catalogue.find(id)?.label ?? id])),
    [found],
  );
  if (address.search.trim() === "") return null;
  return (
    <section className="results" data-status={status} data-superseded={superseded}>
      <h2>
        Search <small>{summaryOf(status, found, error)}</small>
      </h2>
      {found && (
        <ol className="matches">
          {found.matches.map(({ id, file, line, before, hit, after }) => (
            <li key={`${id} ${file} ${line}`}>
              <a href={linkTo(address, { package: id })}>{labels.get(id)}</a>{" "}
              <span className="where">
                {file}:{line}
              </span>{" "}
              <code>
                {before}
                <mark>{hit}</mark>
                {after}
              </code>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
