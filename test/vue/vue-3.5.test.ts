// @vitest-environment happy-dom
import { describeComposables } from "./suite.js";
import { describeSnapshots } from "./suite-snapshot.js";

describeComposables("3.5");
describeSnapshots("3.5");
