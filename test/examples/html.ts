/** Name and version of the rows of the list, in their order. */
export function rowsIn(page: string): string[] {
  return [...page.matchAll(/<span class="name">(.*?)<small>(.*?)<\/small>/gs)].map(
    ([, name = "", version = ""]) => `${name.replace("<!-- -->", "").trim()} ${version}`.trim(),
  );
}

/** Who uses the selected package, in the order of the page. */
export function usersIn(page: string): string[] {
  return [...page.matchAll(/data-key="user [^"]*"\s*>([^<]*)</g)].map(([, name = ""]) => name);
}
