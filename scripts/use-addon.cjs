// Makes this process, its workers and its children load the addon that SK_TEST_ADDON names instead of the
// one that was installed. Only tests run with it: see test-addon.mjs.
"use strict";

const { dlopen } = process;
const INSTALLED = /[\\/](build[\\/]Release|prebuilds[\\/][^\\/]+)[\\/]signal_kernel\.node$/;

process.dlopen = function (module, path, ...flags) {
  return Reflect.apply(dlopen, this, [
    module,
    INSTALLED.test(path) ? process.env.SK_TEST_ADDON : path,
    ...flags,
  ]);
};
