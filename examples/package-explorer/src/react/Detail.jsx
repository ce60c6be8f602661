// @ts-check
import { useReactive, useSignalValue } from "@signal-kernel/react";
import { count, formatBytes } from "../format.js";
import { linkTo } from "../graph/address.js";
import { reachable } from "../graph/reach.js";
import { useGraph } from "./graph.jsx";
import { Bar } from "./List.jsx";
import { Picture } from "./Picture.jsx";

/**
 * @import { ReactNode } from "react"
 * @import { Package } from "../graph/source.js"
 */

/** The selected package, or the whole when none is. */
export function Detail() {
  const selected = useSignalValue(useGraph().session.selected);
  return selected ? <Selected selected={selected} /> : <Overview />;
}

/** @param {{ selected: Package }} props */
function Selected({ selected }) {
  const { catalogue, session } = useGraph();
  const { id, label, version, description, licence } = selected;
  const close = linkTo(useSignalValue(session.address), { package: "" });
  const problems = useReactive(() => catalogue.problems().filter((one) => one.id === id), [id]);
  const { size, closure, all } = useReactive(() => {
    const closure = reachable(id, catalogue.find);
    let all = 0;
    for (const one of closure) all += catalogue.bytes(one) ?? 0;
    return { size: catalogue.size(id), closure: closure.size, all };
  }, [id]);
  return (
    <>
      <header className="headline">
        <h2>
          {label} <small>{version}</small>
        </h2>
        <a className="close" href={close} aria-label="Close">
          ×
        </a>
      </header>
      {description && <p className="lead">{description}</p>}
      {problems.map(({ message }) => (
        <p key={message} className="problem">
          {message}
        </p>
      ))}
      <dl className="facts">
        <Fact name="Licence">{licence}</Fact>
        <Fact name="Own files">
          {formatBytes(size?.bytes)} <small>{count(size?.files ?? 0, "file")}</small>
        </Fact>
        <Fact name="With all it needs">
          {formatBytes(all)} <small>{count(closure, "package")}</small>
        </Fact>
        <Fact name="Folder">
          <code>{id}</code>
        </Fact>
      </dl>
      <Picture />
      <Needs selected={selected} />
      <Users id={id} />
    </>
  );
}

/** @param {{ name: string, children: ReactNode }} props */
function Fact({ name, children }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** @param {{ title: string, note?: string, children: ReactNode }} props */
export function Section({ title, note, children }) {
  return (
    <section className="block">
      <h3>
        {title} {note && <small>{note}</small>}
      </h3>
      {children}
    </section>
  );
}

/** @param {{ selected: Package }} props */
function Needs({ selected: { edges } }) {
  const { catalogue, session } = useGraph();
  const address = useSignalValue(session.address);
  const find = useReactive(
    () => new Map(edges.map(({ to }) => [to, to && catalogue.find(to)])),
    [edges],
  );
  if (edges.length === 0) return null;
  return (
    <Section title="Needs" note={String(edges.length)}>
      <ul className="links">
        {edges.map(({ name, range, kind, to, outside }) => {
          const needed = find.get(to);
          const parts = [
            needed ? `${range} → ${needed.version}` : range,
            kind !== "dependency" && kind,
            to === null && (outside ? "above this folder" : "not installed"),
          ];
          return (
            <li key={name}>
              {to === null ? (
                <span>{name}</span>
              ) : (
                <a href={linkTo(address, { package: to })}>{name}</a>
              )}{" "}
              <small>{parts.filter(Boolean).join(" · ")}</small>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** @param {{ id: string }} props */
function Users({ id }) {
  const { catalogue, session } = useGraph();
  const address = useSignalValue(session.address);
  const users = useReactive(
    () => catalogue.users(id).map((user) => ({ ...user, known: catalogue.find(user.id) })),
    [id],
  );
  if (users.length === 0) return null;
  return (
    <Section title="Used by" note={String(users.length)}>
      <ul className="links">
        {users.map((user) => (
          <li key={user.id}>
            <a href={linkTo(address, { package: user.id })}>{user.known?.label ?? user.id}</a>{" "}
            <small>
              {user.known?.version} wants {user.range}
            </small>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const TOP = 10;

function Overview() {
  const { catalogue, session } = useGraph();
  const address = useSignalValue(session.address);
  const largest = useReactive(
    () =>
      catalogue
        .largest()
        .slice(0, TOP)
        .map(({ id, label }) => ({ id, label, bytes: catalogue.bytes(id) ?? 0 })),
    [catalogue],
  );
  return (
    <>
      <header className="headline">
        <h2>Overview</h2>
      </header>
      <Picture />
      <Section title="Largest">
        <ol className="bars">
          {largest.map(({ id, label, bytes }) => (
            <li key={id}>
              <a href={linkTo(address, { package: id })}>{label}</a>
              <span className="size">{formatBytes(bytes)}</span>
              <Bar value={bytes} largest={largest[0]?.bytes ?? 0} />
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}
