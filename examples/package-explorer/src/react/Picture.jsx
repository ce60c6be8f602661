// @ts-check
import { useReactive, useSignalValue } from "@signal-kernel/react";
import { linkTo } from "../graph/address.js";
import { Section } from "./Detail.jsx";
import { useGraph } from "./graph.jsx";

/** The drawn part of the dependency graph, in which every package is a link. */
export function Picture() {
  const { catalogue, session } = useGraph();
  const picture = useSignalValue(session.picture);
  const address = useSignalValue(session.address);
  const flagged = useReactive(() => catalogue.flagged().problems, [catalogue]);
  if (!picture || picture.boxes.length < 2) return null;
  const { width, height, boxes, arrows } = picture;
  return (
    <Section title="Graph" note="who uses it, and what it needs">
      <figure className="picture" aria-label="Who needs whom">
        {/* biome-ignore lint/a11y/noSvgWithoutTitle: the figure has a label, and each box a title */}
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
          <defs>
            <marker
              id="tip"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0.5L7.5 4L0 7.5z" />
            </marker>
          </defs>
          <g className="arrows">
            {arrows.map(({ from, to, path }) => (
              <path key={`${from} ${to}`} d={path} markerEnd="url(#tip)" />
            ))}
          </g>
          {boxes.map(({ id, role, label, name, version, hidden, x, y, width, height }) => (
            <a
              key={id}
              className={`box ${role}${flagged.has(id) ? " bad" : ""}`}
              href={linkTo(address, { package: id })}
              aria-current={role === "selected" || undefined}
            >
              <title>{`${name} ${version}${hidden > 0 ? `, and ${hidden} more` : ""}`}</title>
              <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx="9" />
              <text x={x - width / 2 + 12} y={y - 3}>
                {label}
              </text>
              <text className="version" x={x - width / 2 + 12} y={y + 13}>
                {version}
              </text>
              {hidden > 0 && (
                <text className="hidden" x={x + width / 2 - 7} y={y + 13}>
                  +{hidden}
                </text>
              )}
            </a>
          ))}
        </svg>
      </figure>
    </Section>
  );
}
