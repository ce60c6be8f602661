// @ts-check
import { useSignalValue, useStreamResource } from "@signal-kernel/react";
import { messageOf } from "../format.js";
import { useGraph } from "./graph.jsx";

/** The README, as far as it has come. Its blocks are HTML that the server has written itself. */
export function Readme() {
  const { session } = useGraph();
  const selected = useSignalValue(session.selected);
  const { value: blocks, status, error } = useStreamResource(session.readme.cell);
  if (!selected || status === "pending") return null;
  const note =
    status === "error"
      ? `The README cannot be shown: ${messageOf(error)}`
      : status === "success" && blocks?.length === 0 && "This package has no README.";
  return (
    <article className="readme" aria-label="README">
      <div
        // biome-ignore lint/security/noDangerouslySetInnerHtml: every tag in it is written by src/markdown
        dangerouslySetInnerHTML={{ __html: blocks?.join("") ?? "" }}
      />
      {note && <p className="note">{note}</p>}
    </article>
  );
}
