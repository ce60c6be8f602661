// @ts-check
import { batch } from "@signal-kernel/core";
import { useSignalValue } from "@signal-kernel/react";
import { carried } from "../graph/address.js";
import { useGraph } from "./graph.jsx";

/**
 * @import { Address } from "../graph/address.js"
 */

/**
 * What a field shows and does. The write is batched: React wants the new text within the event.
 *
 * @param {keyof Address} name
 */
function useField(name) {
  const { session } = useGraph();
  return {
    id: name,
    name,
    value: useSignalValue(session.fields[name]),
    onChange: (/** @type {{ target: { value: string } }} */ { target }) =>
      batch(() => session.type(name, target.value)),
  };
}

const TEXT = { type: "search", autoComplete: "off", maxLength: 300, spellCheck: false };

export function Search() {
  return (
    <search>
      <form className="search" method="get" data-live>
        <label htmlFor="search">Search in</label>
        <select aria-label="Where to search" {...useField("place")}>
          <option value="readmes">READMEs</option>
          <option value="sources">all sources</option>
        </select>
        <input {...TEXT} {...useField("search")} />
        <Rest own={["search", "place"]} />
        <button type="submit">Search</button>
      </form>
    </search>
  );
}

export function Filter() {
  return (
    <form className="toolbar" method="get" data-live>
      <label htmlFor="filter">Filter</label>
      <input {...TEXT} {...useField("filter")} />
      <label htmlFor="sort">by</label>
      <select {...useField("sort")}>
        <option value="name">name</option>
        <option value="size">size</option>
        <option value="users">users</option>
      </select>
      <Rest own={["filter", "sort"]} />
      <button type="submit">Apply</button>
    </form>
  );
}

/** The rest of the view, for a form that is sent without JavaScript. @param {{ own: Array<keyof Address> }} props */
function Rest({ own }) {
  const address = useSignalValue(useGraph().session.address);
  return carried(address, own).map(([name, value]) => (
    <input key={name} type="hidden" name={name} value={value} />
  ));
}
