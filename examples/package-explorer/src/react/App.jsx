// @ts-check
import { useReactive, useSignalValue } from "@signal-kernel/react";
import { useEffect, useMemo } from "react";
import { linkTo } from "../graph/address.js";
import { PAGES } from "../graph/pages.js";
import { Detail } from "./Detail.jsx";
import { Filter, Search } from "./Fields.jsx";
import { GraphContext, useGraph } from "./graph.jsx";
import { List } from "./List.jsx";
import { Readme } from "./Readme.jsx";
import { Results } from "./Results.jsx";
import { Status, Tiles } from "./Top.jsx";

/**
 * @param {object} props
 * @param {import("../graph/catalogue.js").Catalogue} props.catalogue
 * @param {import("../graph/session.js").Session} props.session
 * @param {() => string} [props.connection] how the live channel is; the server has none
 * @param {() => void} [props.onShown] called once the page is hydrated
 */
export function App({ catalogue, session, connection, onShown }) {
  const graph = useMemo(() => ({ catalogue, session }), [catalogue, session]);
  const isLost = useReactive(() => connection?.() === "lost", [connection]);
  useEffect(() => onShown?.(), [onShown]);
  useEffect(() => {
    document.documentElement.classList.toggle("offline", isLost);
  }, [isLost]);
  return (
    <GraphContext value={graph}>
      <header className="top">
        <a className="brand" href="/react">
          <Logo />
          <span>Package explorer</span>
        </a>
        <Switcher />
        <Search />
        <Status />
      </header>
      <Tiles />
      <div className="panes">
        <section className="pane" aria-label="Packages">
          <Filter />
          <div id="list" className="scroll" tabIndex={-1}>
            <List />
          </div>
        </section>
        <main className="pane">
          <div className="scroll" data-scroll>
            <Results />
            <Detail />
            <Readme />
          </div>
        </main>
      </div>
    </GraphContext>
  );
}

function Switcher() {
  const address = useSignalValue(useGraph().session.address);
  return (
    <nav className="switch" aria-label="Pages">
      {PAGES.map(({ path, label }) => (
        <a
          key={path}
          href={path + linkTo(address)}
          aria-current={path === "/react" ? "page" : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M5 7l7 4 7-4M12 11v8" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <circle cx="5" cy="6" r="2.6" />
      <circle cx="19" cy="6" r="2.6" />
      <circle cx="12" cy="11.5" r="3" />
      <circle cx="12" cy="20" r="2.2" />
    </svg>
  );
}
