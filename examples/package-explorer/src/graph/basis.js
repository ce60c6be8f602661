// @ts-check

/** Said wherever verdicts are shown: what the word "verified" stands for, and what it does not. */
export const BASIS =
  "Name and version of each package.json are compared with package-lock.json and with npm's own " +
  "record of what it installed (node_modules/.package-lock.json), the archive hashes of the two " +
  "with each other, and the files that main and bin name must be there. The files themselves " +
  "cannot be verified: the hashes are of the archives, which are gone once they are unpacked.";
