// @ts-check
import { useReactive, useSignalValue } from "@signal-kernel/react";
import { memo } from "react";
import { count, formatBytes } from "../format.js";
import { linkTo } from "../graph/address.js";
import { sameFields } from "../graph/equality.js";
import { useGraph } from "./graph.jsx";

/**
 * @import { Package } from "../graph/source.js"
 */

const SHORT_LIST = 150;

export function List() {
  const { session } = useGraph();
  const rows = useReactive(session.rows, []);
  const address = useReactive(session.address, []);
  const shown = address.long ? rows : rows.slice(0, SHORT_LIST);
  return (
    <>
      <p className="count">{count(rows.length, "package")}</p>
      <ol className="rows">
        {shown.map((one) => (
          <Row key={one.id} one={one} />
        ))}
      </ol>
      {shown.length < rows.length && (
        <p className="more">
          <a href={linkTo(address, { long: "yes" })}>Show all {rows.length}</a>
        </p>
      )}
    </>
  );
}

/** One row: it renders again when something about its own package has changed. */
const Row = memo(
  /** @param {{ one: Package }} props */
  function Row({ one }) {
    const { catalogue, session } = useGraph();
    const { id, label, version, installed } = one;
    const address = useSignalValue(session.address);
    const { bytes, largest, isDuplicate, isProblem } = useReactive(
      () => ({
        bytes: catalogue.bytes(id),
        largest: catalogue.bytes(catalogue.largest()[0]?.id ?? "") ?? 0,
        isDuplicate: catalogue.flagged().duplicates.has(id),
        isProblem: catalogue.flagged().problems.has(id),
      }),
      [catalogue, id],
      sameFields,
    );
    return (
      <li>
        <a
          className="row"
          href={linkTo(address, { package: id })}
          aria-current={address.package === id || undefined}
        >
          <span className="name">
            {label} <small>{version}</small>
          </span>
          <span className="badges">
            {!installed && <span className="badge own">own</span>}
            {isDuplicate && <span className="badge dup">versions</span>}
            {isProblem && <span className="badge bad">problem</span>}
          </span>
          <span className="size">{formatBytes(bytes)}</span>
          <Bar value={bytes ?? 0} largest={largest} />
        </a>
      </li>
    );
  },
);

/** @param {{ value: number, largest: number }} props */
export function Bar({ value, largest }) {
  const width = largest > 0 ? Math.max(0.5, (100 * value) / largest).toFixed(1) : 0;
  return (
    <svg className="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
      <rect width={width} height="1" />
    </svg>
  );
}
