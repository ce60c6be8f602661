// @ts-check
import { useReactive } from "@signal-kernel/react";
import { formatNumber } from "../format.js";
import { linkTo } from "../graph/address.js";
import { isCurrent, tilesOf } from "../graph/tiles.js";
import { useGraph } from "./graph.jsx";

export function Status() {
  const { root, phase, done, of, watching } = useReactive(useGraph().catalogue.status, []);
  const isReady = phase === "ready";
  return (
    <div className="status" role="status">
      <span className="path" title={root}>
        {root}
      </span>
      <span
        className={`pill ${isReady ? (watching === "live" ? "good" : "warn") : "busy"}`}
        data-phase={phase}
      >
        {isReady ? watching : `${phase} ${formatNumber(done)}/${formatNumber(of)}`}
      </span>
    </div>
  );
}

export function Tiles() {
  const { catalogue, session } = useGraph();
  const tiles = useReactive(() => tilesOf(catalogue), [catalogue]);
  const address = useReactive(session.address, []);
  return (
    <nav className="tiles" aria-label="Overview">
      {tiles.map(({ label, figure, note, changes }) => (
        <a
          key={label}
          className="tile"
          href={linkTo(address, changes)}
          data-tile={label}
          aria-current={isCurrent(address, changes) || undefined}
        >
          <span className="label">{label}</span> <strong>{figure}</strong>
          <small>{note}</small>
        </a>
      ))}
    </nav>
  );
}
