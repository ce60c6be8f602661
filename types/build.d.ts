/** What the build puts into the code. */

/** Version of the package; not defined where the sources run as they are, as in the tests. */
declare const __SK_VERSION__: string | undefined;
