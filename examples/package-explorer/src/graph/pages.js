// @ts-check

/** The pages that show the graph, each with its own means. */
export const PAGES = [
  { path: "/", name: "plain", label: "Plain" },
  { path: "/react", name: "react", label: "React" },
  { path: "/vue", name: "vue", label: "Vue" },
  { path: "/live", name: "live", label: "Live graph" },
];
