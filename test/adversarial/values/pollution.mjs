/**
 * Everything works as ever when Object.prototype has members with the names of all options there are: they are
 * nobody's options. Their values fit nothing; and in the end reading them throws.
 */
import assert from "node:assert/strict";
import { checkEngine } from "#engine";
import { works } from "./works.mjs";

const NAMES =
  `equals name merge priority signal onError detached upTo budgetMs asyncContext onConflict
  retries backoffMs isolation retry count delayMs backoff maxDelayMs jitter when timeoutMs eager
  initialInput initialValue keepPreviousValueOnPending onEvent onSuccess onCancel onErrorEffect
  onCancelEffect reduce group concurrency invalidates trigger run stream input observe optimistic
  debounceMs poll intervalMs errors document mode limits maxDepth maxNodes maxLength nonce redaction
  derivedFrom restore serializer captureValue secrets maskRedacted metadata only now resume prefix
  redact reducers revivers values follow commits direction snapshot capture graphId version
  value deps disposed fn kind options computed state place owner handle staging slot scope id write
  once reason cause of fn error`.split(/\s+/);

const VALUES = {
  "a number": 42.5,
  text: "polluted",
  "a boolean": true,
  "a function that throws": () => {
    throw new Error("a polluted member was called");
  },
  "an object": {},
};

function pollute(descriptorOf) {
  for (const name of NAMES)
    Object.defineProperty(Object.prototype, name, { __proto__: null, ...descriptorOf(name) });
}

function clean() {
  for (const name of NAMES) delete Object.prototype[name];
}

const forms = { "no options": () => undefined, "empty options": () => ({}) };
for (const [form, options] of Object.entries(forms)) {
  const expected = JSON.stringify(await works(options));
  const check = async (how, descriptorOf) => {
    pollute(descriptorOf);
    let seen;
    let failure;
    try {
      seen = await works(options);
    } catch (error) {
      failure = error;
    }
    clean();
    if (failure !== undefined) throw new Error(`${how}, ${form}`, { cause: failure });
    assert.equal(JSON.stringify(seen), expected, `${how}, ${form}`);
    assert.equal(checkEngine(), undefined);
  };
  for (const [how, value] of Object.entries(VALUES))
    await check(how, () => ({ value, configurable: true, writable: true, enumerable: false }));
  await check("getters that throw", (name) => ({
    get() {
      throw new Error(`the polluted ${name} was read`);
    },
    set(value) {
      const own = { __proto__: null, value, configurable: true, writable: true, enumerable: true };
      Object.defineProperty(this, name, own);
    },
    configurable: true,
    enumerable: false,
  }));
}
console.log("done");
